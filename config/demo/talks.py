"""What people say in the demo: short talks by language, made up for a bicycle shop and for a clinic.

A talk is its topic, its closing category, a summary, and lines: `<` is the contact's, `>` ours. `{day}`, `{order}` and `{first}` are filled in.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Talk:
    topic: str
    category: str
    summary: str
    lines: tuple[str, ...]


def a_talk(topic: str, category: str, summary: str, lines: str) -> Talk:
    """Return a talk whose lines are written one below the other."""
    return Talk(topic, category, summary, tuple(line.strip() for line in lines.strip().splitlines()))


BIKES_ES = (
    a_talk(
        "Shipping",
        "Order status",
        "Llega el {day}",
        """
<Hola, ¿me podéis decir dónde está el pedido {order}?
>Hola, {first}. Lo miro ahora mismo.
>Salió ayer del almacén y llega el {day} antes de las 14.
<Perfecto, estaré en casa. ¡Gracias!
>A ti. Si no llega, escríbenos por aquí.""",
    ),
    a_talk(
        "Workshop",
        "Appointment",
        "Revisión el {day}",
        """
<Buenas, ¿tenéis hueco para una revisión esta semana?
>Hola, {first}. Tenemos sitio el {day} a las 10 o a las 16:30.
<A las 16:30 me viene genial
>Apuntado. Trae la bici y la batería cargada.
<¿Cuánto tardáis?
>Un par de horas. Te avisamos cuando esté lista.""",
    ),
    a_talk(
        "Warranty",
        "Repair",
        "Cargador nuevo enviado",
        """
<El cargador de mi Brisa no enciende la luz, ¿es normal?
<Lo he probado en dos enchufes
>Gracias por probarlo. ¿Nos mandas una foto de la etiqueta?
>Con eso te enviamos uno nuevo sin coste.
<Estupendo, muchas gracias""",
    ),
    a_talk(
        "Pre-sale",
        "Sales question",
        "Talla M recomendada",
        """
<Mido 1,74, ¿qué talla de la Duna me va bien?
>Con 1,74 la M te va perfecta. Si dudas, ven a probarla.
<¿La tenéis en azul?
>En azul y en verde. La azul la tenemos en tienda.
<Genial, me paso el {day}""",
    ),
    a_talk(
        "Returns",
        "Return",
        "Devolución recogida el {day}",
        """
<Quiero devolver el casco del pedido {order}, me queda grande
>Sin problema, {first}. ¿Prefieres otra talla o el dinero?
<La talla S, si la tenéis
>La tenemos. El mensajero pasa el {day} y te deja la S.""",
    ),
    a_talk(
        "Billing",
        "Invoice",
        "Factura enviada por correo",
        """
<Necesito factura del pedido {order} con el CIF de la empresa
>Claro. ¿Me pasas la razón social y el CIF?
<Talleres Bonal, B12345678
>Enviada a tu correo. Dime si algo no está bien.
<Todo bien, gracias""",
    ),
)
BIKES_EN = (
    a_talk(
        "Shipping",
        "Order status",
        "Arrives on {day}",
        """
<Hi, where is my order {order}? The tracking has not moved since Monday.
>Hi {first}, let me look.
>It left customs this morning and arrives on {day}.
<Good to know, thank you.""",
    ),
    a_talk(
        "Warranty",
        "Repair",
        "Brake pads replaced",
        """
<My Faro squeals every time I brake in the rain
>That is usually the pads. How many kilometres have you ridden?
<About 2,400
>Then new pads are due, and they are covered. Can you come on {day}?
<Yes, after five
>See you then, {first}.""",
    ),
    a_talk(
        "Pre-sale",
        "Sales question",
        "Test ride booked",
        """
<Does the Brisa 7 fit a child seat?
>It does, with the long rack. We have one in the shop to try.
<Could I test it on {day}?
>Booked for 11. Bring the child, the seat is fitted.""",
    ),
    a_talk(
        "Returns",
        "Return",
        "Refund sent",
        """
<The lights from order {order} arrived broken
>Sorry to hear that. A photo is all we need.
<Sent it by e-mail just now
>Got it. New ones leave today, keep the broken ones.
<Very kind, thanks""",
    ),
    a_talk(
        "B2B",
        "Sales question",
        "Quote for 12 bikes sent",
        """
<We are a hotel and would like 12 bikes for guests. Do you offer that?
>We do. From 10 bikes you get 12 % off and a service visit.
<Can you send a quote by {day}?
>It is on its way, with two financing options.
<Received, we will decide next week""",
    ),
)
BIKES_FR = (
    a_talk(
        "Shipping",
        "Order status",
        "Arrive {day}",
        """
<Bonjour, où en est ma commande {order} ?
>Bonjour {first}, elle est partie hier et arrive le {day}.
<Merci beaucoup""",
    ),
    a_talk(
        "Workshop",
        "Appointment",
        "Révision le {day}",
        """
<Bonjour, je voudrais une révision avant l'été
>Avec plaisir. Le {day} à 9 h vous convient ?
<Parfait, à bientôt""",
    ),
)
BIKES_DE = (
    a_talk(
        "Shipping",
        "Order status",
        "Kommt am {day}",
        """
<Guten Tag, wann kommt meine Bestellung {order}?
>Guten Tag {first}, sie kommt am {day} an.
<Danke für die schnelle Antwort""",
    ),
    a_talk(
        "Warranty",
        "Repair",
        "Akku getauscht",
        """
<Mein Akku hält nur noch 20 km
>Wie alt ist er?
<Anderthalb Jahre
>Dann tauschen wir ihn auf Garantie, das Paket kommt am {day}.
<Prima""",
    ),
)
BIKES_PT = (
    a_talk(
        "Shipping",
        "Order status",
        "Chega {day}",
        """
<Olá, quando chega a encomenda {order}?
>Olá {first}, chega na {day}.
<Obrigado!""",
    ),
)
CLINIC_EN = (
    a_talk(
        "Appointment",
        "Appointment booked",
        "Booked for {day}",
        """
<Hello, I would like to see a doctor about my knee
>Hello {first}. Is it urgent, or would {day} at 9:20 do?
<{day} is fine
>Booked. Please bring your insurance card.
<Will do, thank you""",
    ),
    a_talk(
        "Results",
        "Results given",
        "Results explained by phone",
        """
<Are my blood test results in?
>They came in this morning. The doctor will call you before noon.
<Is it something bad?
>Nothing that cannot wait for the call, {first}.
<Thank you for telling me""",
    ),
    a_talk(
        "Prescription",
        "Prescription",
        "Repeat prescription sent",
        """
<I have run out of my inhaler, could you renew the prescription?
>Of course. Same pharmacy as before?
<Yes, the one on Quay Street
>It is there from {day}.""",
    ),
    a_talk(
        "Insurance",
        "Billing",
        "Claim form sent",
        """
<My insurer says the claim for {order} lacks a code
>We are sorry. We have sent them the form again, with the code.
<How long will that take?
>About a week. Write again if you hear nothing by {day}.
<OK thanks""",
    ),
    a_talk(
        "Appointment",
        "Appointment moved",
        "Moved to {day}",
        """
<I can't make tomorrow, can I move my appointment?
>No problem. {day} at 14:40?
<Anything earlier?
>8:15 the same day.
<Perfect""",
    ),
    a_talk(
        "Complaint",
        "Complaint",
        "Apologised, manager called",
        """
<I waited for 70 minutes yesterday and nobody told me why
>That should not have happened, {first}. There was an emergency and we failed to say so.
<Just tell people next time
>We will. Our manager will call you on {day}.""",
    ),
)
CLINIC_ES = (
    a_talk(
        "Appointment",
        "Appointment booked",
        "Cita el {day}",
        """
<Hola, ¿atienden en español? Necesito una cita para mi hija
>Hola, {first}. Sí. ¿Le viene bien el {day} a las 10?
<Muy bien, gracias""",
    ),
    a_talk(
        "Interpreter",
        "Appointment booked",
        "Intérprete pedida",
        """
<¿Puede venir una intérprete el {day}?
>Sí, ya está pedida. No cuesta nada.
<Mil gracias""",
    ),
)
BIKES = {"es": BIKES_ES, "en": BIKES_EN, "fr": BIKES_FR, "de": BIKES_DE, "pt": BIKES_PT}
CLINIC = {"en": CLINIC_EN, "es": CLINIC_ES}
DAYS = {
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag"),
    "pt": ("segunda", "terça", "quarta", "quinta", "sexta"),
}
COMMENTS = (
    "Spoke on the phone, all clear now.",
    "Regular customer, please be generous.",
    "{{@user.%d}} can you have a look at this one?",
    "Waiting for the supplier's answer.",
    "Checked the stock: two left.",
)
