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

  const say = (text) => {
    if (status) status.textContent = text;
  };

  const save = async () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      const body = new URLSearchParams();
      for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
      const answer = await fetch(target, { method: "POST", body, headers: { Accept: "application/json" } });
      const result = await answer.json().catch(() => ({}));
      if (answer.ok) {
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

  form.addEventListener("input", () => schedule(1500));
  form.addEventListener("submit", () => {
    stopped = true;
    clearTimeout(timer);
  });
}
