// Keeps a draft while it is written. A form with data-draft is sent to that address when typing pauses; the server
// answers with the new version. Without this module the form is kept by its own button.

for (const form of document.querySelectorAll("form[data-draft], [data-draft-of]")) {
  const target = form.dataset.draft;
  if (!target) continue;
  const status = document.querySelector("[data-draft-status]");
  const version = form.elements.namedItem("version");
  let timer = null;
  let running = false;
  let again = false;
  let stopped = false;
  // What was typed, and how much of it the server has.
  let typed = 0;
  let kept = 0;
  // A request that outlives its page may be no longer than this, with its headers.
  const lastWordLimit = 60_000;

  const say = (text) => {
    if (status) status.textContent = text;
  };

  const save = async () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    const sent = typed;
    try {
      const body = new URLSearchParams();
      for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
      // Whoever leaves while it is under way does not cut it off.
      const keepalive = String(body).length < lastWordLimit;
      const answer = await fetch(target, { method: "POST", body, keepalive, headers: { Accept: "application/json" } });
      const result = await answer.json().catch(() => ({}));
      if (answer.ok) {
        kept = sent;
        if (version) version.value = String(result.version);
        say(`草稿已于 ${result.at} 保存`);
      } else {
        stopped = true;
        say(result.detail || "草稿没有保存，请用下面的按钮保存");
      }
    } catch {
      say("网络不通，草稿还没有保存；恢复后会自动再试");
      again = true;
    }
    running = false;
    if (again && !stopped) {
      again = false;
      schedule(5000);
    }
  };

  const schedule = (pause) => {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };

  const isOwing = () => !stopped && typed > kept;

  form.addEventListener("input", () => {
    typed += 1;
    schedule(1500);
  });
  // A phone that is put away, a tab that is closed: what was typed since the last pause goes now.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || !isOwing()) return;
    clearTimeout(timer);
    save();
  });
  addEventListener("online", () => {
    if (isOwing()) schedule(0);
  });
  // Where it could not go, the browser asks before the page is left.
  addEventListener("beforeunload", (event) => {
    if (isOwing() && !navigator.onLine) event.preventDefault();
  });
  form.addEventListener("submit", () => {
    stopped = true;
    clearTimeout(timer);
  });
}
