/* What can keep a learner from recording, in plain words, with what to do about it. */

const ALLOW_STEPS = [
  gettext("En el ordenador o en Android: toca el candado o el icono de ajustes que hay junto a la dirección, busca «Micrófono» y elige «Permitir»."),
  gettext("En iPhone o iPad: abre Ajustes › Apps › Safari › Micrófono y elige «Permitir»."),
  gettext("Después vuelve aquí y pulsa «Probar otra vez»."),
];

const TROUBLES = {
  insecure: {
    title: gettext("Falta la dirección segura"),
    text: gettext("El navegador solo deja usar el micrófono en páginas seguras, y esta no lo es."),
    steps: [
      gettext("Abre Cotorra con una dirección que empiece por https://"),
      gettext("Si no la tienes, pide a quien instaló Cotorra que la arranque con «make run HTTPS=1»: al arrancar muestra la dirección para el móvil."),
    ],
  },
  unsupported: {
    title: gettext("Este navegador no puede grabar"),
    text: gettext("Le falta algo que Cotorra necesita para escucharte."),
    steps: [
      gettext("Actualiza el navegador, o prueba con una versión reciente de Firefox, Chrome, Edge o Safari."),
      gettext("Si abriste Cotorra dentro de otra aplicación, ábrela en el navegador."),
    ],
  },
  no_microphone: {
    title: gettext("No encontramos ningún micrófono"),
    text: gettext("Conecta un micrófono o unos auriculares con micrófono y prueba otra vez."),
  },
  denied: {
    title: gettext("Falta permiso para usar el micrófono"),
    text: gettext("Para escucharte, el navegador tiene que dejarnos usar el micrófono. Solo se oye mientras grabas."),
    steps: ALLOW_STEPS,
  },
  device_busy: {
    title: gettext("El micrófono está ocupado"),
    text: gettext("Otra aplicación lo está usando. Cierra llamadas y grabadoras y prueba otra vez."),
  },
  unplugged: {
    title: gettext("El micrófono se ha desconectado"),
    text: gettext("Se cortó a mitad de la grabación. Conéctalo de nuevo y léelo otra vez."),
  },
  no_signal: {
    title: gettext("El micrófono no da señal"),
    text: gettext("Lo hemos abierto, pero no llega ningún sonido. Cierra otras aplicaciones que graben y prueba otra vez."),
  },
  lost: {
    title: gettext("No hay conexión con Cotorra"),
    text: gettext("Tu grabación sigue guardada en esta página. Cuando vuelva la conexión, envíala otra vez."),
    action: gettext("Enviar otra vez"),
  },
  no_answer: {
    title: gettext("La respuesta tarda demasiado"),
    text: gettext("Tu grabación está a salvo. Puedes volver a preguntar dentro de un momento."),
    action: gettext("Preguntar otra vez"),
  },
  failed: {
    title: gettext("Algo ha salido mal"),
    text: gettext("No ha sido culpa tuya. Prueba a grabar otra vez."),
  },
  too_quiet: { title: gettext("Casi no te oigo") },
  no_speech: { title: gettext("No te he oído") },
  too_short: { title: gettext("Ha sido muy corto") },
  empty_audio: { title: gettext("No ha llegado tu voz") },
  too_long: { title: gettext("Ha sido muy largo") },
  busy: { title: gettext("Hay mucha gente hablando") },
  no_consent: {
    title: gettext("¿Quién va a hablar?"),
    text: gettext("Antes de la primera grabación, dinos si va a hablar una persona adulta, o una niña o un niño."),
    action: gettext("Decir quién habla"),
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
  const found = { title: gettext("Vamos a repetirlo"), text: TROUBLES.failed.text, ...TROUBLES[code] };
  if (plain) found.text = plain;
  return { steps: [], action: retry ? gettext("Probar otra vez") : gettext("Recargar la página"), ...found };
}
