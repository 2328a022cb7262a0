// Buttons of admin's forms that ask the server about what is written in them.

async function ask(button) {
  const form = button.form ?? button.closest("form");
  const into = document.getElementById(button.dataset.into);
  const body = new FormData();
  for (const name of button.dataset.send.split(" ")) {
    body.set(name, form.elements[name]?.value ?? "");
  }
  if (!body.get(button.dataset.send.split(" ")[0]).trim()) {
    into.textContent = "Escribe antes el texto en inglés.";
    return;
  }
  button.disabled = true;
  into.textContent = "Un momento…";
  try {
    const answer = await fetch(button.dataset.ask, {
      method: "POST",
      headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      body,
    });
    if (!answer.ok) throw new Error(answer.status);
    into.innerHTML = await answer.text();
  } catch {
    into.textContent = "No ha podido ser. Prueba otra vez dentro de un momento.";
  } finally {
    button.disabled = false;
  }
}

for (const button of document.querySelectorAll("[data-ask]")) {
  button.addEventListener("click", () => ask(button));
  const first = button.dataset.send.split(" ")[0];
  if ("now" in button.dataset && button.form.elements[first]?.value) ask(button);
}
