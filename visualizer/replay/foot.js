// --- foot: chips of layers and speeds, and the legend (foot.py)

class Foot {
  constructor(controls) {
    this.controls = controls;
    this.chipsKey = "";
  }

  chips() {
    const { state, words } = this.controls,
      key = JSON.stringify([
        ...state.layers,
        state.heat,
        state.window,
        state.role,
        state.playing,
        state.speed,
        state.theme,
        words.language,
      ]);
    if (key === this.chipsKey) return;
    this.chipsKey = key;
    const chip = (text, on, asked) => {
      const button = el("button", on ? "chip on" : "chip", text);
      button.addEventListener("click", () => {
        if (typeof asked === "string") this.controls.run(asked);
        else asked();
        this.controls.stale = true;
        button.blur();
      });
      return button;
    };
    const heat = [
      words.say(`heat.${state.heat}`),
      words.say(["heat.window_5", "heat.window_30", "heat.window_shift"][state.window]),
      state.role === null ? words.say("heat.all_movers") : words.word("role", state.role),
    ];
    const layers = LAYERS.map((name, i) =>
      chip(`${i + 1} ${words.say(`layer.${i + 1}`)}`, state.layers.has(name), `layer_${i + 1}`),
    );
    if (state.layers.has(HEAT_CHIP))
      layers.push(...heat.map((text, i) => chip(text, false, ["heat_mode", "heat_window", "heat_movers"][i])));
    document.getElementById("layers").replaceChildren(...layers);
    const speeds = SPEEDS.map((speed) =>
      chip(`${speed}×`, speed === state.speed, () => {
        state.speed = speed;
      }),
    );
    const keys = [
      ["find", "hint.find"],
      ["follow", "hint.follow"],
      ["help", "hint.help"],
      ["theme", `theme.${state.theme === "dark" ? "light" : "dark"}`],
      ["language", "toast.language"],
    ];
    const other = new Words({
      words: this.controls.replay.head.words,
      language: words.language === "zh" ? "en" : "zh",
    });
    const hints = keys.map(([action, key]) =>
      chip(`${this.chord(action)} ${(action === "language" ? other : words).say(key)}`, false, action),
    );
    document
      .getElementById("transport")
      .replaceChildren(chip(state.playing ? "❚❚" : "▶", false, "play_pause"), ...speeds, el("span", "space"), ...hints);
  }

  chord(action) {
    return this.controls.replay.head.keys.find(([name]) => name === action)[1][0];
  }

  legend(theme) {
    const canvas = document.getElementById("legend"),
      pen = canvas.getContext("2d"),
      { state, words } = this.controls;
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.font = `11px ${FONT}`;
    pen.textBaseline = "middle";
    pen.fillStyle = theme.text_2;
    const heat = state.layers.has(HEAT_CHIP),
      abc = state.layers.has("abc");
    if (heat) {
      const most = words.say("legend.max", { value: this.controls.painter.heat.max }),
        right = canvas.width - pen.measureText(most).width;
      pen.textAlign = "right";
      pen.fillText(most, canvas.width, 13);
      for (let i = 0; i < 88; i++) {
        const [r, g, b, a] = theme.heat_bytes.slice(Math.floor((i / 87) * 255) * 4);
        pen.fillStyle = theme.background;
        pen.fillRect(right - 93 + i, 9, 1, 8);
        pen.fillStyle = `rgba(${r}, ${g}, ${b}, ${a / 255})`;
        pen.fillRect(right - 93 + i, 9, 1, 8);
      }
      pen.fillStyle = theme.text_2;
      pen.fillText("0", right - 98, 13);
      pen.textAlign = "left";
      pen.fillText(words.say(`heat.unit_${state.heat}`), 0, 13);
      return;
    }
    const bounds = this.controls.replay.head.ground.fill_bounds.map((bound) => String(Math.round(bound * 100)));
    const parts = abc
      ? [
          [theme.abc_none, words.say("legend.none")],
          [theme.abc_c, "C"],
          [theme.abc_b, "B"],
          [theme.abc_a, "A"],
        ]
      : [mixed(theme.fill[0], theme.background, EMPTY_SHARE), ...theme.fill].map((colour, i) => [
          colour,
          ["0", ...bounds, "100 %"][i],
        ]);
    pen.textAlign = "right";
    let x = canvas.width;
    for (const [colour, text] of parts.reverse()) {
      pen.fillStyle = theme.text_2;
      pen.fillText(text, x, 13);
      x -= pen.measureText(text).width + 15;
      pen.fillStyle = theme.line;
      pen.fillRect(x, 7, 11, 11);
      pen.fillStyle = colour;
      pen.fillRect(x + 1, 8, 9, 9);
      x -= 7;
    }
  }
}
