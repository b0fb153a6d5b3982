// A small list of emoji with words to find them by, in English and Spanish.
const LIST = `😀|grin smile happy|sonrisa feliz
🙂|smile|sonrisa
😊|blush smile|sonrojo sonrisa
😄|laugh happy|risa feliz
😂|tears joy laugh|risa lágrimas
😉|wink|guiño
😍|love eyes|amor ojos
😘|kiss|beso
🤔|thinking|pensar
😅|sweat phew|sudor uf
😢|sad cry|triste llorar
😭|crying|llanto
😕|confused|confuso
😮|surprised wow|sorpresa
😡|angry|enfado
😴|sleep|dormir
🤗|hug|abrazo
🤝|deal handshake|acuerdo trato
👍|thumbs up yes ok|pulgar sí vale
👎|thumbs down no|pulgar no
👏|clap bravo|aplauso bravo
🙏|thanks hands|gracias manos
👋|wave hello bye|hola adiós saludo
💪|strong|fuerza
👌|okay perfect|perfecto vale
✌️|victory peace|victoria paz
🎉|party celebrate|fiesta celebrar
🎁|gift present|regalo
❤️|heart love|corazón amor
💔|broken heart|corazón roto
⭐|star|estrella
🔥|fire|fuego
✨|sparkles new|brillo nuevo
💡|idea light|idea luz
✅|done check yes|hecho sí
❌|cross no wrong|cruz no mal
⚠️|warning|aviso atención
❓|question|pregunta
❗|important|importante
📌|pin|chincheta
📎|paperclip attachment|clip adjunto
📦|parcel package|paquete
🚚|delivery truck|envío camión
🚲|bike bicycle|bici bicicleta
✈️|plane travel|avión viaje
🏠|house home|casa
🏢|office building|oficina edificio
📅|calendar date|calendario fecha
⏰|alarm time|alarma hora
⏳|wait hourglass|espera reloj
📞|phone call|teléfono llamada
📧|mail email|correo
💬|chat message|chat mensaje
📷|camera photo|cámara foto
💳|card payment|tarjeta pago
💶|euro money|euro dinero
🧾|receipt invoice|recibo factura
🔧|repair tool|reparar herramienta
🔒|lock safe|candado seguro
🔑|key|llave
🌞|sun|sol
🌧️|rain|lluvia
☕|coffee|café
🍀|luck clover|suerte trébol`.split("\n").map((line) => line.split("|"));

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// Both languages are searched, for people write in both; the name is the page's.
export function search(typed, language) {
  const column = language?.startsWith("es") ? 2 : 1;
  return LIST.filter((row) => fold(`${row[1]} ${row[2]}`).includes(typed)).slice(0, 10).map((row) => [row[0], row[column]]);
}
