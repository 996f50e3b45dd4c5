// --- finding: search, going to a time, and the list of keys

class Finding {
  constructor(controls) {
    this.controls = controls;
  }

  found(text) {
    const { head } = this.controls.replay,
      wanted = text.trim().toLowerCase(),
      found = [];
    if (!wanted) return { found, more: 0 };
    const lists = [
      ["worker", head.workers.map(([n]) => n)],
      ["order", head.orders],
      ["location", head.cells.names],
      ["station", head.ground.stations.map(([n]) => n)],
      ["door", head.ground.doors.map(([n]) => n)],
      ["aisle", head.ground.aisles.map(([n]) => n)],
    ];
    for (const [kind, names] of lists) {
      names.forEach((name, index) => {
        if (name.toLowerCase().includes(wanted)) found.push({ kind, index, name });
      });
    }
    found.sort((a, b) => a.name.length - b.name.length);
    return { found: found.slice(0, 12), more: Math.max(found.length - 12, 0) };
  }

  ask(what) {
    const dialog = document.getElementById("find"),
      field = document.getElementById("find_text"),
      list = document.getElementById("found");
    const { words } = this.controls;
    field.placeholder = words.say(what === "goto" ? "goto.prompt" : "find.prompt");
    field.value = "";
    list.replaceChildren();
    let place = 0;
    const take = (chosen) => {
      dialog.close();
      this.controls.select(chosen, true);
      if (["worker", "order"].includes(chosen.kind)) this.controls.state.follow = true;
      else this.controls.zoom_selection();
    };
    const show = () => {
      if (what === "goto") return list.replaceChildren();
      const { found, more } = this.found(field.value);
      place = Math.min(Math.max(place, 0), Math.max(found.length - 1, 0));
      const rows = found.map((chosen, i) => {
        const row = el("button", i === place ? "hit on" : "hit");
        row.append(el("b", "", chosen.name), el("span", "muted", words.say(`inspect.${chosen.kind}`)));
        row.addEventListener("click", () => take(chosen));
        return row;
      });
      if (field.value && !rows.length) rows.push(el("p", "muted", words.say("find.none", { text: field.value })));
      if (more) rows.push(el("p", "muted", words.say("find.more", { count: more })));
      return list.replaceChildren(...rows);
    };
    field.oninput = () => {
      place = 0;
      show();
    };
    field.onkeydown = (event) => {
      event.stopPropagation();
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        place += event.key === "ArrowDown" ? 1 : -1;
        show();
        event.preventDefault();
      } else if (event.key === "Enter") {
        event.preventDefault();
        if (what === "goto") {
          const ms = this.controls.clock.read(field.value, this.controls.state.ms);
          if (ms === null) list.replaceChildren(el("p", "muted", words.say("goto.bad", { text: field.value })));
          else {
            this.controls.seek(ms);
            dialog.close();
          }
          return;
        }
        const { found } = this.found(field.value);
        if (found[place]) take(found[place]);
      }
    };
    dialog.showModal();
    field.focus();
  }

  showHelp() {
    const dialog = document.getElementById("help"),
      { words } = this.controls,
      two = (pair) => pair[words.language === "zh" ? 1 : 0];
    const groups = new Map();
    for (const [, chords, mouse, help, group] of this.controls.replay.head.keys) {
      if (!groups.has(two(group))) groups.set(two(group), []);
      const row = el("div", "row");
      row.append(el("kbd", "", mouse ? two(mouse) : chords.join("  ")), el("span", "", two(help)));
      groups.get(two(group)).push(row);
    }
    const columns = el("div", "columns");
    for (const [name, rows] of groups) {
      const part = el("div");
      part.append(el("b", "", name), ...rows);
      columns.append(part);
    }
    dialog.replaceChildren(heading(words.say("keys.title"), words.say("keys.to_close")), columns);
    dialog.showModal();
  }
}
