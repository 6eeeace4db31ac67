// Signing on screen. Strokes are kept in a box of 900 × 300 and sent as an SVG path with absolute M and L commands and
// whole numbers: the form in which they are recorded and printed.

const width = 900;
const height = 300;

class Pad {
  constructor(box) {
    this.box = box;
    this.canvas = box.querySelector("canvas");
    this.field = box.querySelector("input");
    this.context = this.canvas.getContext("2d");
    this.strokes = [];
    this.open = null;
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, (event) => this.end(event));
    box.querySelector("[data-undo]").addEventListener("click", () => {
      this.strokes.pop();
      this.draw();
    });
    box.querySelector("[data-clear]").addEventListener("click", () => {
      this.strokes = [];
      this.draw();
    });
    box.hidden = false;
    this.draw();
  }

  place(event) {
    const frame = this.canvas.getBoundingClientRect();
    const clamp = (value, limit) => Math.max(0, Math.min(limit, Math.round(value)));
    return [
      clamp(((event.clientX - frame.left) * width) / frame.width, width),
      clamp(((event.clientY - frame.top) * height) / frame.height, height),
    ];
  }

  begin(event) {
    if (this.open !== null || event.button > 0) return;
    this.open = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.strokes.push([this.place(event)]);
    event.preventDefault();
  }

  move(event) {
    if (event.pointerId !== this.open) return;
    const stroke = this.strokes[this.strokes.length - 1];
    const all = event.getCoalescedEvents ? event.getCoalescedEvents() : [event];
    for (const one of all.length ? all : [event]) {
      const [x, y] = this.place(one);
      const [lastX, lastY] = stroke[stroke.length - 1];
      // Two units are a third of a millimetre on paper: closer points only make the record larger.
      if (Math.abs(x - lastX) + Math.abs(y - lastY) >= 2) stroke.push([x, y]);
    }
    this.draw();
  }

  end(event) {
    if (event.pointerId !== this.open) return;
    this.open = null;
    this.draw();
  }

  draw() {
    const context = this.context;
    context.clearRect(0, 0, width, height);
    context.lineWidth = 5;
    context.lineCap = "round";
    context.lineJoin = "round";
    context.strokeStyle = "#1c2126";
    for (const stroke of this.strokes) {
      context.beginPath();
      context.moveTo(stroke[0][0], stroke[0][1]);
      for (const [x, y] of stroke) context.lineTo(x, y);
      if (stroke.length === 1) context.lineTo(stroke[0][0] + 1, stroke[0][1]);
      context.stroke();
    }
    this.field.value = this.strokes
      .map((stroke) => {
        const points = stroke.length === 1 ? [stroke[0], [stroke[0][0] + 1, stroke[0][1]]] : stroke;
        return points.map(([x, y], index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join("");
      })
      .join("");
  }
}

for (const box of document.querySelectorAll("[data-signature]")) new Pad(box);
