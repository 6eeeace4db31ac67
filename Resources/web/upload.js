// Resumable uploads by tus 1.0: pieces of 8 MiB, each with its checksum, each durable before the next is sent. Where a
// file is known by name, size and time of change, an interrupted upload goes on from the server's offset.

const piece = 8 * 1024 * 1024;
const shapes = [[1 << 30, "GB"], [1 << 20, "MB"], [1 << 10, "KB"]];

const sizeText = (count) => {
  for (const [size, unit] of shapes) if (count >= size) return `${(count / size).toFixed(1)} ${unit}`;
  return `${count} 字节`;
};
const base64 = (text) => {
  let binary = "";
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
};
// What nobody sees, or turns the direction of writing, is shown by its number.
const unseen =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]/gu;
const shown = (text) =>
  text.replace(unseen, (one) => `〔U+${one.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}〕`);
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function checksum(bytes) {
  if (!globalThis.crypto || !crypto.subtle) return null;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  let text = "";
  for (const byte of digest) text += String.fromCharCode(byte);
  return `sha256 ${btoa(text)}`;
}

class Refused extends Error {}
// The sender does not want it any more.
class Dropped extends Error {}

class Upload {
  constructor(box, file) {
    this.box = box;
    this.file = file;
    this.key = `liuhen-upload:${box.endpoint}:${file.name}:${file.size}:${file.lastModified}`;
    this.item = document.createElement("li");
    const name = document.createElement("b");
    name.textContent = shown(file.name);
    this.bar = document.createElement("progress");
    this.bar.max = 1000;
    this.state = document.createElement("span");
    this.state.className = "state";
    // An upload counts against its sender until it is registered or its time is over, so it can be given up.
    this.remove = document.createElement("button");
    this.remove.type = "button";
    this.remove.className = "link";
    this.remove.textContent = "删除";
    this.remove.setAttribute("aria-label", `删除 ${shown(file.name)}`);
    this.remove.hidden = true;
    this.remove.addEventListener("click", () => this.drop());
    this.item.append(name, this.bar, this.state, this.remove);
    box.list.append(this.item);
  }

  // While a piece is on its way, the upload has a writer: then the loop ends it.
  drop() {
    this.isDropped = true;
    this.remove.disabled = true;
    if (!this.isRunning) this.end().catch(() => this.keep());
  }

  async end() {
    const answer = await fetch(this.place, { method: "DELETE", headers: this.headers() });
    if (answer.status !== 204 && answer.status !== 404 && answer.status !== 410) throw await this.refusal(answer);
    localStorage.removeItem(this.key);
    this.item.remove();
    this.box.enable();
  }

  keep() {
    this.isDropped = false;
    this.remove.disabled = false;
    this.say("没有删除成功，请再试一次");
  }

  headers(more) {
    return { "Tus-Resumable": "1.0.0", "X-Liuhen-Form-Token": this.box.token, Accept: "application/json", ...more };
  }

  say(text) {
    this.state.textContent = text;
  }

  show(offset, start, startOffset) {
    this.bar.value = this.file.size === 0 ? 1000 : Math.floor((offset * 1000) / this.file.size);
    const seconds = (performance.now() - start) / 1000;
    const rate = seconds > 0.5 ? (offset - startOffset) / seconds : 0;
    const left = rate > 0 ? Math.ceil((this.file.size - offset) / rate) : 0;
    this.say(
      `${sizeText(offset)} / ${sizeText(this.file.size)}` +
        (rate > 0 ? `，每秒 ${sizeText(Math.round(rate))}，约剩 ${left >= 120 ? `${Math.ceil(left / 60)} 分钟` : `${left} 秒`}` : "")
    );
  }

  async create() {
    const type = this.file.type || "application/octet-stream";
    const answer = await fetch(this.box.endpoint, {
      method: "POST",
      headers: this.headers({
        "Upload-Length": String(this.file.size),
        "Upload-Metadata": `filename ${base64(this.file.name)},filetype ${base64(type)}`,
      }),
    });
    if (answer.status !== 201) throw await this.refusal(answer);
    const place = answer.headers.get("Location");
    localStorage.setItem(this.key, place);
    return place;
  }

  async refusal(answer) {
    const text = await answer.text().catch(() => "");
    let detail = text;
    if ((answer.headers.get("Content-Type") || "").includes("json")) {
      try {
        detail = JSON.parse(text).detail;
      } catch {
        detail = "";
      }
    }
    const error = new Refused(detail || `服务器没有接受（${answer.status}）`);
    error.status = answer.status;
    return error;
  }

  // The server's offset; null when it does not know the upload any more.
  async offset(place) {
    const answer = await fetch(place, { method: "HEAD", headers: this.headers() });
    if (answer.status === 404 || answer.status === 410) return null;
    if (!answer.ok) throw await this.refusal(answer);
    return Number(answer.headers.get("Upload-Offset"));
  }

  async run() {
    let place = localStorage.getItem(this.key);
    let offset = place ? await this.offset(place) : null;
    if (offset === null) {
      place = await this.create();
      offset = 0;
    } else {
      this.say(`从 ${sizeText(offset)} 处继续`);
    }
    this.place = place;
    this.remove.hidden = false;
    const start = performance.now();
    const startOffset = offset;
    let pause = 1000;
    while (offset < this.file.size) {
      if (this.isDropped) throw new Dropped();
      try {
        const bytes = await this.file.slice(offset, offset + piece).arrayBuffer();
        const sum = await checksum(bytes);
        const answer = await fetch(place, {
          method: "PATCH",
          headers: this.headers({
            "Upload-Offset": String(offset),
            "Content-Type": "application/offset+octet-stream",
            ...(sum ? { "Upload-Checksum": sum } : {}),
          }),
          body: bytes,
        });
        if (answer.status === 204) {
          offset = Number(answer.headers.get("Upload-Offset"));
          pause = 1000;
          this.show(offset, start, startOffset);
          continue;
        }
        // Another offset, a broken piece, or a busy server: ask where the server stands and go on from there.
        if (![409, 423, 460, 500, 502, 503, 504].includes(answer.status)) throw await this.refusal(answer);
      } catch (error) {
        if (error instanceof Refused) throw error;
      }
      this.say(`连接中断，${Math.round(pause / 1000)} 秒后从断点继续`);
      await wait(pause);
      pause = Math.min(pause * 2, 30000);
      const known = await this.offset(place).catch(() => offset);
      if (known === null) throw new Refused("服务器上已没有这次上传，请重新选择文件");
      offset = known;
    }
    localStorage.removeItem(this.key);
    this.bar.value = 1000;
    this.say(`已上传，${sizeText(this.file.size)}`);
    return place;
  }
}

class Box {
  constructor(element) {
    this.endpoint = element.dataset.upload;
    this.token = element.dataset.token;
    this.name = element.dataset.name;
    this.list = element.querySelector(".uploads");
    this.form = element.closest("form");
    this.input = element.querySelector("input[type=file]");
    this.waiting = 0;
    this.chain = Promise.resolve();
    this.input.addEventListener("change", () => this.take(this.input.files));
    const drop = element.querySelector(".drop");
    drop.addEventListener("dragover", (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      this.take(event.dataTransfer.files);
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.waiting > 0) event.preventDefault();
    });
    element.hidden = false;
    this.enable();
  }

  enable() {
    if (!this.form) return;
    for (const button of this.form.querySelectorAll("button[data-needs-upload]")) {
      button.disabled = this.waiting > 0 || !this.form.querySelector(`input[name="${this.name}"]`);
    }
  }

  take(files) {
    for (const file of files) {
      this.waiting += 1;
      this.enable();
      const upload = new Upload(this, file);
      upload.say("等待上传");
      // One after the other: two at once are slower on one disk.
      this.chain = this.chain.then(() => this.finish(upload));
    }
  }

  async finish(upload) {
    upload.isRunning = true;
    try {
      const place = await upload.run();
      if (upload.isDropped) throw new Dropped();
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = this.name;
      field.value = place.split("/").pop();
      upload.item.append(field);
    } catch (error) {
      if (error instanceof Dropped) {
        await upload.end().catch(() => upload.keep());
      } else {
        upload.item.classList.add("bad");
        upload.say(error instanceof Refused ? error.message : "没有上传成功，请重新选择这个文件，会从断点继续");
      }
    }
    upload.isRunning = false;
    this.waiting -= 1;
    this.enable();
  }
}

for (const element of document.querySelectorAll("[data-upload]")) new Box(element);
