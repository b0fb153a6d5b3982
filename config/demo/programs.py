"""What the bicycle shop's programs say in the demo: its virtual agent, its survey and its broadcast."""

from config.demo.assistant import AssistantPlan, Manners
from config.demo.promotion import PromotionPlan
from config.demo.satisfaction import SurveyPlan
from config.demo.talks import Talk, a_talk

MANNERS = {
    "es": Manners(
        "Hola, {first}. Soy el asistente de Marea. ¿Me dices el número de pedido o el modelo de tu bici?",
        "Prefiero hablar con una persona",
        "Claro. Te paso con el equipo, que ya ve lo que has escrito.",
    ),
    "en": Manners(
        "Hi {first}, I am Marea's assistant. What is your order number, or which bike is it about?",
        "Can I talk to a person about it?",
        "Of course. The team takes over from here and sees what you wrote.",
    ),
    "fr": Manners(
        "Bonjour {first}, je suis l'assistant de Marea. Quel est votre numéro de commande ?",
        "Je voudrais parler à quelqu'un",
        "Bien sûr. L'équipe prend le relais et voit vos messages.",
    ),
    "de": Manners(
        "Guten Tag {first}, ich bin der Assistent von Marea. Wie lautet Ihre Bestellnummer?",
        "Ich möchte lieber mit jemandem sprechen",
        "Gern. Das Team übernimmt und sieht, was Sie geschrieben haben.",
    ),
    "pt": Manners(
        "Olá {first}, sou o assistente da Marea. Qual é o número da encomenda?",
        "Prefiro falar com uma pessoa",
        "Claro. A equipa continua a partir daqui e vê o que escreveu.",
    ),
}
FINISHED: dict[str, tuple[Talk, ...]] = {
    "es": (
        a_talk(
            "Shipping",
            "Order status",
            "Llega el {day}",
            """
<Hola, ¿cuándo llega el pedido {order}?
>Hola, {first}. Soy el asistente de Marea. El pedido {order} está en reparto y llega el {day}.
<Perfecto, gracias
>De nada. Si cambia algo, te aviso por aquí.""",
        ),
        a_talk(
            "Workshop",
            "Appointment",
            "Horario del taller",
            """
<¿A qué hora abre el taller el {day}?
>Soy el asistente de Marea. El {day} el taller abre de 9 a 19. ¿Quieres que te reserve sitio?
<No hace falta, me paso""",
        ),
        a_talk(
            "Billing",
            "Invoice",
            "Factura reenviada",
            """
<No encuentro la factura del pedido {order}
>Soy el asistente de Marea. Te la acabo de reenviar por correo. ¿La ves?
<Sí, ya está
>Estupendo.""",
        ),
    ),
    "en": (
        a_talk(
            "Shipping",
            "Order status",
            "Arrives on {day}",
            """
<Hello, has {order} been sent yet?
>Hi {first}, I am Marea's assistant. It left yesterday and arrives on {day}.
<Thanks
>You are welcome.""",
        ),
        a_talk(
            "Pre-sale",
            "Sales question",
            "Range of the Brisa 7",
            """
<What range does the Brisa 7 have?
>I am Marea's assistant. 90 km in eco mode, about 55 km on hills.
<That will do, thanks""",
        ),
    ),
    "fr": (
        a_talk(
            "Shipping",
            "Order status",
            "Arrive {day}",
            """
<Ma commande {order} est-elle partie ?
>Je suis l'assistant de Marea. Oui, elle arrive {day}.
<Merci""",
        ),
    ),
    "de": (
        a_talk(
            "Shipping",
            "Order status",
            "Kommt am {day}",
            """
<Ist {order} schon unterwegs?
>Ich bin der Assistent von Marea. Ja, sie kommt am {day}.
<Danke""",
        ),
    ),
    "pt": (
        a_talk(
            "Shipping",
            "Order status",
            "Chega {day}",
            """
<A encomenda {order} já saiu?
>Sou o assistente da Marea. Sim, chega na {day}.
<Obrigada""",
        ),
    ),
}
ASSISTANT = AssistantPlan("Marea assistant", MANNERS, FINISHED, days=78, timeout_minutes=15)

SURVEY = SurveyPlan(
    text="¿Cómo lo hemos hecho? Responder lleva unos segundos:",
    question="¿Qué podemos mejorar?",
    hours=72,
    days=36,
    praise={
        "es": ("Todo perfecto", "Nada, muy amables", "Que sigáis así", "Respuesta rapidísima"),
        "en": ("Nothing, you were great", "Very quick and friendly", "All good"),
        "fr": ("Rien, merci", "Service impeccable"),
        "de": ("Nichts, alles bestens", "Sehr freundlich"),
        "pt": ("Nada, tudo ótimo",),
    },
    complaint={
        "es": ("Tardasteis mucho en contestar", "Tuve que explicarlo dos veces", "El envío, más barato"),
        "en": ("It took too long until somebody answered", "I had to explain everything twice"),
        "fr": ("Une réponse plus rapide",),
        "de": ("Schneller antworten", "Ich musste alles zweimal erklären"),
        "pt": ("Responder mais depressa",),
    },
)

OFFERS: dict[str, tuple[Talk, ...]] = {
    "es": (
        a_talk(
            "Workshop",
            "Appointment",
            "Revisión de otoño el {day}",
            """
<¡Qué bien! ¿Puedo llevarla el {day}?
>Hola, {first}. Sí, el {day} a las 12 te va bien?
<Sí, allí estaré""",
        ),
    ),
    "en": (
        a_talk(
            "Workshop",
            "Appointment",
            "Autumn check on {day}",
            """
<Does that include the brakes?
>It does, and new pads are half price. Shall I book {day}?
<Yes please""",
        ),
    ),
    "fr": (
        a_talk(
            "Workshop",
            "Appointment",
            "Révision d'automne {day}",
            """
<Bonjour, faut-il prendre rendez-vous ?
>Bonjour {first}, je vous note pour {day} ?
<Oui, merci""",
        ),
    ),
    "de": (
        a_talk(
            "Workshop",
            "Appointment",
            "Herbstcheck am {day}",
            """
<Wie lange dauert der Check?
>Etwa eine Stunde. Passt der {day}?
<Ja, bis dann""",
        ),
    ),
    "pt": (
        a_talk(
            "Workshop",
            "Appointment",
            "Revisão de outono {day}",
            """
<Preciso de marcar?
>Convém. Pode ser {day} às 15?
<Pode, obrigado""",
        ),
    ),
}
PROMOTION = PromotionPlan(
    name="Revisión de otoño",
    days=43,
    share=0.34,
    words={
        "es": "Hola, {first}. En octubre la revisión de otoño de tu bici cuesta 29 €. Responde a este mensaje y te damos hora.",
        "en": "Hi {first}, in October the autumn check of your bike is 29 €. Answer this message and we book you in.",
        "fr": "Bonjour {first}, en octobre la révision d'automne de votre vélo coûte 29 €. Répondez à ce message pour un rendez-vous.",
        "de": "Hallo {first}, im Oktober kostet der Herbstcheck für Ihr Rad 29 €. Antworten Sie auf diese Nachricht für einen Termin.",
        "pt": "Olá {first}, em outubro a revisão de outono da sua bicicleta custa 29 €. Responda a esta mensagem e marcamos.",
    },
    talks=OFFERS,
)
