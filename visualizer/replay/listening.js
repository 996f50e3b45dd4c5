// --- listening: keys and mouse

// A key as the table of keys writes it: Space, Ctrl+Right, ?
function chordOf(event) {
  const ctrl = event.ctrlKey || event.metaKey;
  if (event.key.length === 1 && SIGNS.includes(event.key) && (!ctrl || event.altKey)) return event.key;
  const name = NAMED[event.key] ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key);
  return [ctrl ? "Ctrl" : "", event.altKey ? "Alt" : "", event.shiftKey ? "Shift" : "", name].filter(Boolean).join("+");
}

class Listening {
  constructor(controls) {
    this.controls = controls;
    window.addEventListener("resize", () => this.controls.resized());
    window.addEventListener("keydown", (event) => {
      if (document.querySelector("dialog[open]")) return;
      const action = this.controls.actions.get(chordOf(event));
      if (!action) return;
      event.preventDefault();
      this.controls.run(action);
    });
    const floor = document.getElementById("floor"),
      track = document.getElementById("track"),
      tip = document.getElementById("tip");
    const at = (event, canvas) => {
      const box = canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    let drag = null;
    floor.addEventListener("pointerdown", (event) => {
      drag = { x: event.clientX, y: event.clientY, moved: false };
      floor.setPointerCapture(event.pointerId);
    });
    floor.addEventListener("pointermove", (event) => {
      if (drag && (drag.moved || Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > 3)) {
        // mouse: drag_pan
        this.controls.pan(event.clientX - drag.x, event.clientY - drag.y);
        drag = { x: event.clientX, y: event.clientY, moved: true };
        return;
      }
      const hit = this.controls.painter.pick(...at(event, floor));
      tip.hidden = !hit;
      if (hit) {
        tip.textContent = this.tell(hit);
        tip.style.left = `${at(event, floor)[0] + 14}px`;
        tip.style.top = `${at(event, floor)[1] + 10}px`;
      }
    });
    floor.addEventListener("pointerleave", () => {
      tip.hidden = true;
    });
    floor.addEventListener("pointerup", (event) => {
      // mouse: select
      if (drag && !drag.moved) this.controls.select(this.controls.painter.pick(...at(event, floor)));
      drag = null;
    });
    floor.addEventListener("dblclick", () => {
      // mouse: double_follow
      if (this.controls.state.selection) this.controls.state.follow = true;
      this.controls.stale = true;
    });
    floor.addEventListener(
      "wheel",
      (event) => {
        // mouse: wheel_zoom
        event.preventDefault();
        this.controls.zoomBy(event.deltaY < 0 ? ZOOM : 1 / ZOOM, ...at(event, floor));
      },
      { passive: false },
    );
    let scrubs = false;
    track.addEventListener("pointerdown", (event) => {
      // mouse: timeline_seek
      scrubs = true;
      track.setPointerCapture(event.pointerId);
      this.controls.seek(this.controls.timeline.timeOf(...at(event, track)));
    });
    track.addEventListener("pointermove", (event) => {
      const [x, y] = at(event, track),
        { timeline, state } = this.controls;
      track.title = timeline.told(x, y, state.ms);
      if (scrubs) this.controls.seek(timeline.ms(x));
    });
    track.addEventListener("pointerup", () => {
      scrubs = false;
    });
    track.addEventListener(
      "wheel",
      (event) => {
        // mouse: timeline_zoom
        event.preventDefault();
        this.controls.timeline.zoom(at(event, track)[0], event.deltaY < 0 ? 1 / ZOOM : ZOOM);
        this.controls.stale = true;
      },
      { passive: false },
    );
  }

  tell({ kind, index, name }) {
    const { words, replay } = this.controls;
    if (kind === "worker")
      return `${short(name)} · ${words.word("role", replay.head.workers[index][1])} · ${words.word("state", replay.head.states[replay.worker(index, Math.round(this.controls.state.ms)).state])}`;
    if (kind === "location")
      return `${short(name)} · ${words.say("unit.units", { n: replay.floor.at(Math.round(this.controls.state.ms))[index] })}`;
    return `${words.say(`inspect.${kind}`)} ${short(name)}`;
  }
}
