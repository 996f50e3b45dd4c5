// --- words: what is said, in either language, and times; every name is set as text, never as markup

const HOUR_MS = 3600000,
  WEEK = 7;

class Words {
  constructor(head) {
    this.table = head.words;
    this.language = head.language;
  }

  say(key, values = {}) {
    const pair = this.table[key];
    const text = pair ? pair[this.language === "zh" ? 1 : 0] : key;
    return text.replace(/\{(\w+)[^{}]*\}/g, (_, name) => values[name] ?? "");
  }

  // A name out of the run, as a word where there is one.
  word(group, name) {
    const key = `${group}.${name}`;
    if (this.table[key]) return this.say(key);
    const plain = String(name)
      .replace(/(?<=[a-z])(?=[A-Z])|_/g, " ")
      .trim();
    return plain.charAt(0).toUpperCase() + plain.slice(1).toLowerCase();
  }
}

function el(tag, className = "", text = null) {
  const found = document.createElement(tag);
  if (className) found.className = className;
  if (text !== null) found.textContent = text;
  return found;
}

const pad = (n) => String(n).padStart(2, "0");
function span(ms) {
  const s = Math.max(Math.floor(ms / 1000), 0),
    h = Math.floor(s / 3600);
  return h ? `${h}:${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}` : `${pad(Math.floor(s / 60))}:${pad(s % 60)}`;
}

class Clock {
  constructor(start) {
    const [year, month, day, hour, minute, second] = start.split(/[-T:]/).map(Number);
    this.start = Date.UTC(year, month - 1, day, hour, minute, second || 0);
    this.midnight = Date.UTC(year, month - 1, day);
  }

  at(ms) {
    return new Date(this.start + ms).toISOString().slice(11, 19);
  }

  day(ms) {
    return Math.floor((this.start + ms - this.midnight) / (24 * HOUR_MS)) + 1;
  }

  weekday(ms) {
    return (new Date(this.start + ms).getUTCDay() + WEEK - 1) % WEEK;
  }

  // "10:45" or "10:45:41" on the day of `near`, "2d10:45", "+2h30m" or "2h30m" since the start; null if it is none.
  read(text, near) {
    const clock = /^(?:(\d+)d)?(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim());
    if (clock) {
      const day = clock[1] ? Number(clock[1]) : this.day(near);
      if (Number(clock[2]) > 23 || Number(clock[3]) > 59 || Number(clock[4] ?? 0) > 59) return null;
      return (
        this.midnight +
        (day - 1) * 24 * HOUR_MS +
        clock[2] * HOUR_MS +
        clock[3] * 60000 +
        (clock[4] ?? 0) * 1000 -
        this.start
      );
    }
    const gone = /^\+?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text.trim());
    if (!gone || !(gone[1] || gone[2] || gone[3])) return null;
    return (gone[1] ?? 0) * HOUR_MS + (gone[2] ?? 0) * 60000 + (gone[3] ?? 0) * 1000;
  }
}

// What, who, and how long it took or takes.
function tellMark(words, mark, ms) {
  const parts = [words.word(...mark.what)];
  if (mark.who) parts.push(short(mark.who.replace(/\/device$/, "")));
  const end = mark.until === null ? ms : Math.min(mark.until, Math.max(ms, mark.at));
  if (end > mark.at) parts.push(span(end - mark.at));
  return parts.join(" · ");
}

const isOpen = (mark, ms) => mark.at <= ms && (mark.until === null || ms < mark.until);

const signed = (n) => (n < 0 ? `\u2212${-n}` : `+${n}`);

const apart = (text) => text.replace("-", "\u2212").replace(/\B(?=(\d{3})+(?!\d))/g, "\u00a0");

// A figure as the window writes it: a share, minutes out of seconds, or a count.
function written(value, { style, digits }, words) {
  if (value === null || value === undefined) return "–";
  if (style === "share") return `${apart((value * 100).toFixed(digits))}%`;
  if (style === "minutes") return words.say("unit.min", { n: apart((value / 60).toFixed(digits)) });
  return apart(value.toFixed(digits));
}

// A change with its sign, in points for shares; empty where it is written as none.
function change(by, { style, digits }, words) {
  const size = style === "share" ? by * 100 : style === "minutes" ? by / 60 : by;
  const text = Math.abs(size).toFixed(digits);
  if (!/[1-9]/.test(text)) return "";
  const signed = (size < 0 ? "\u2212" : "+") + apart(text);
  return style === "share" ? words.say("unit.points", { n: signed }) : signed;
}

function sparkline(canvas, values, colour) {
  const pen = canvas.getContext("2d"),
    known = values.filter((v) => v !== null);
  const low = Math.min(...known),
    high = Math.max(...known),
    tall = high - low || 1;
  pen.strokeStyle = colour;
  pen.beginPath();
  values.forEach((value, i) => {
    if (value !== null)
      pen.lineTo(
        (i / Math.max(values.length - 1, 1)) * (canvas.width - 2) + 1,
        canvas.height - 2 - ((value - low) / tall) * (canvas.height - 4),
      );
  });
  pen.stroke();
}

function heading(title, note = "") {
  const found = el("div", "heading");
  found.append(el("b", "", title), el("span", "muted", note));
  return found;
}

function row(name, value) {
  const found = el("div", "row");
  found.append(el("span", "muted", name), el("span", "", value));
  return found;
}
