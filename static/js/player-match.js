/* Words and pictures to join: press one of either side, in any order; a joined one comes apart. */

export class Match {
  constructor(form) {
    this.told = form.querySelector("[data-told]");
    this.words = [...form.querySelectorAll("[data-word]")];
    this.pictures = [...form.querySelectorAll("[data-picture]")];
    this.pairs = []; // [word, picture], in the order in which they were joined
    this.armed = null;
    for (const tile of this.tiles) tile.addEventListener("click", () => this.press(tile));
    form.querySelector("[data-undo]").addEventListener("click", () => this.undo());
    form.querySelector("[data-clear]").addEventListener("click", () => this.clear());
  }

  get tiles() {
    return [...this.words, ...this.pictures];
  }

  /* Id of a word -> that of its picture; null until all are joined. */
  get value() {
    if (this.pairs.length < this.words.length) return null;
    return Object.fromEntries(this.pairs.map(([word, picture]) => [word.dataset.word, picture.dataset.picture]));
  }

  press(tile) {
    const joined = this.pairs.find((pair) => pair.includes(tile));
    const sameSide = this.armed && this.words.includes(this.armed) === this.words.includes(tile);
    if (joined) this.pairs.splice(this.pairs.indexOf(joined), 1);
    else if (this.armed === tile) this.armed = null;
    else if (!this.armed || sameSide) this.armed = tile;
    else {
      this.pairs.push(this.words.includes(tile) ? [tile, this.armed] : [this.armed, tile]);
      this.armed = null;
    }
    this.render();
  }

  undo() {
    if (this.armed) this.armed = null;
    else this.pairs.pop();
    this.render();
  }

  clear() {
    this.pairs = [];
    this.armed = null;
    this.render();
  }

  render() {
    for (const tile of this.tiles) {
      const at = this.pairs.findIndex((pair) => pair.includes(tile));
      const other = this.pairs[at]?.find((each) => each !== tile);
      tile.setAttribute("aria-pressed", String(at >= 0 || tile === this.armed));
      tile.toggleAttribute("data-joined", at >= 0);
      tile.querySelector(".pair-number").textContent = at >= 0 ? at + 1 : "";
      tile.querySelector("[data-with]").textContent = other ? ` ${this.told.dataset.joined} ${name(other)}` : "";
    }
    const said = this.pairs.map(([word, picture]) => `${name(word)} ${this.told.dataset.joined} ${name(picture)}`);
    this.told.textContent = said.join(". ") || this.told.dataset.empty;
  }
}

function name(tile) {
  return tile.querySelector("[aria-label]")?.getAttribute("aria-label") ?? tile.querySelector("[lang]").textContent;
}
