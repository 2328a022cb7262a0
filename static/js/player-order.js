/* Words to put in order: pressed ones go to the sentence, pressed again they come back. */

export class Order {
  constructor(form) {
    this.bank = form.querySelector("[data-pieces]");
    this.laid = form.querySelector("[data-laid]");
    this.empty = form.querySelector("[data-laid-empty]");
    this.told = form.querySelector("[data-told]");
    this.pieces = [...form.querySelectorAll("[data-piece]")];
    for (const piece of this.pieces) piece.addEventListener("click", () => this.press(piece));
    form.querySelector("[data-undo]").addEventListener("click", () => this.undo());
    form.querySelector("[data-clear]").addEventListener("click", () => this.clear());
  }

  get chosen() {
    return this.pieces.filter((piece) => piece.parentElement === this.laid).sort((a, b) => a.at - b.at);
  }

  /* The pieces in order, or null where nothing was laid. */
  get value() {
    const texts = this.chosen.map((piece) => piece.textContent);
    return texts.length ? texts : null;
  }

  press(piece) {
    if (piece.parentElement === this.laid) {
      this.takeBack(piece);
      piece.focus();
    } else {
      const free = [...this.bank.children];
      const next = free[free.indexOf(piece) + 1] ?? free[free.indexOf(piece) - 1] ?? piece;
      piece.at = this.chosen.length ? this.chosen.at(-1).at + 1 : 0;
      this.laid.append(piece);
      next.focus();
    }
    this.tell();
  }

  undo() {
    const last = this.chosen.at(-1);
    if (last) this.takeBack(last);
    this.tell();
  }

  clear() {
    for (const piece of this.chosen) this.takeBack(piece);
    this.tell();
  }

  takeBack(piece) {
    const place = this.pieces.indexOf(piece);
    const after = [...this.bank.children].find((each) => this.pieces.indexOf(each) > place);
    this.bank.insertBefore(piece, after ?? null);
  }

  tell() {
    this.empty.hidden = this.chosen.length > 0;
    this.told.textContent = this.value?.join(" ") ?? this.told.dataset.empty;
  }
}
