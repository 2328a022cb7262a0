// Buttons of admin's forms that ask the server about what is written in them.

async function ask(button) {
  const form = button.form ?? button.closest("form");
  const into = document.getElementById(button.dataset.into);
  const body = new FormData();
  for (const name of button.dataset.send.split(" ")) {
    body.set(name, form.elements[name]?.value ?? "");
  }
  if (!body.get(button.dataset.send.split(" ")[0]).trim()) {
    into.textContent = into.dataset.empty;
    return;
  }
  button.disabled = true;
  into.textContent = into.dataset.wait;
  try {
    const answer = await fetch(button.dataset.ask, {
      method: "POST",
      headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      body,
    });
    if (!answer.ok) throw new Error(answer.status);
    into.innerHTML = await answer.text();
  } catch {
    into.textContent = into.dataset.trouble;
  } finally {
    button.disabled = false;
  }
}

for (const button of document.querySelectorAll("[data-ask]")) {
  button.addEventListener("click", () => ask(button));
  const first = button.dataset.send.split(" ")[0];
  if ("now" in button.dataset && button.form.elements[first]?.value) ask(button);
}

/* Django's tables say what is in a column, but the fields in it have no name. */
function nameFields() {
  for (const { tHead, tBodies } of document.querySelectorAll("#result_list, .tabular table")) {
    const names = [...tHead.rows[0].cells].map((cell) => (cell.querySelector(".text") ?? cell).textContent.trim());
    for (const cell of tHead.querySelectorAll("th.original:empty")) {
      cell.innerHTML = '<span class="visually-hidden">Fila</span>';
    }
    for (const cell of [...tBodies].flatMap((body) => [...body.querySelectorAll("td, th")])) {
      for (const field of cell.querySelectorAll("input, select, textarea, [role=combobox], [role=textbox]")) {
        if (!field.labels?.length) field.ariaLabel ||= names[cell.cellIndex];
      }
    }
  }
}

window.django?.jQuery?.(nameFields); // after the search fields are there
document.addEventListener("formset:added", nameFields);
