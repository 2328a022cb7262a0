/* What can keep a learner from recording, in plain words, with what to do about it. */

const ALLOW_STEPS = [
  "En el ordenador o en Android: toca el candado o el icono de ajustes que hay junto a la dirección, busca «Micrófono» y elige «Permitir».",
  "En iPhone o iPad: abre Ajustes › Apps › Safari › Micrófono y elige «Permitir».",
  "Después vuelve aquí y pulsa «Probar otra vez».",
];

const TROUBLES = {
  insecure: {
    title: "Falta la dirección segura",
    text: "El navegador solo deja usar el micrófono en páginas seguras, y esta no lo es.",
    steps: [
      "Abre Cotorra con una dirección que empiece por https://",
      "Si no la tienes, pide a quien instaló Cotorra que la arranque con «make run HTTPS=1»: al arrancar muestra la dirección para el móvil.",
    ],
  },
  unsupported: {
    title: "Este navegador no puede grabar",
    text: "Le falta algo que Cotorra necesita para escucharte.",
    steps: [
      "Actualiza el navegador, o prueba con una versión reciente de Firefox, Chrome, Edge o Safari.",
      "Si abriste Cotorra dentro de otra aplicación, ábrela en el navegador.",
    ],
  },
  no_microphone: {
    title: "No encontramos ningún micrófono",
    text: "Conecta un micrófono o unos auriculares con micrófono y prueba otra vez.",
  },
  denied: {
    title: "Falta permiso para usar el micrófono",
    text: "Para escucharte, el navegador tiene que dejarnos usar el micrófono. Solo se oye mientras grabas.",
    steps: ALLOW_STEPS,
  },
  device_busy: {
    title: "El micrófono está ocupado",
    text: "Otra aplicación lo está usando. Cierra llamadas y grabadoras y prueba otra vez.",
  },
  unplugged: {
    title: "El micrófono se ha desconectado",
    text: "Se cortó a mitad de la grabación. Conéctalo de nuevo y léelo otra vez.",
  },
  no_signal: {
    title: "El micrófono no da señal",
    text: "Lo hemos abierto, pero no llega ningún sonido. Cierra otras aplicaciones que graben y prueba otra vez.",
  },
  lost: {
    title: "No hay conexión con Cotorra",
    text: "Tu grabación sigue guardada en esta página. Cuando vuelva la conexión, envíala otra vez.",
    action: "Enviar otra vez",
  },
  no_answer: {
    title: "La respuesta tarda demasiado",
    text: "Tu grabación está a salvo. Puedes volver a preguntar dentro de un momento.",
    action: "Preguntar otra vez",
  },
  failed: {
    title: "Algo ha salido mal",
    text: "No ha sido culpa tuya. Prueba a grabar otra vez.",
  },
  too_quiet: { title: "Casi no te oigo" },
  no_speech: { title: "No te he oído" },
  too_short: { title: "Ha sido muy corto" },
  empty_audio: { title: "No ha llegado tu voz" },
  too_long: { title: "Ha sido muy largo" },
  busy: { title: "Hay mucha gente hablando" },
  no_consent: {
    title: "¿Quién va a hablar?",
    text: "Antes de la primera grabación, dinos si va a hablar una persona adulta, o una niña o un niño.",
    action: "Decir quién habla",
  },
};

export class Trouble extends Error {
  constructor(code, cause) {
    super(code, { cause });
    this.code = code;
  }
}

/* {title, text, steps, action} for a code of ours, or for a refusal that the server explains itself. */
export function explain({ code, plain, retry }) {
  const found = { title: "Vamos a repetirlo", text: TROUBLES.failed.text, ...TROUBLES[code] };
  if (plain) found.text = plain;
  return { steps: [], action: retry ? "Probar otra vez" : "Recargar la página", ...found };
}
