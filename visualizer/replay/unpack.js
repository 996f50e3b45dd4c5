// --- unpack: text -> bytes -> head and columns of whole numbers (byte_planes.py writes them)

const FOLD = 2;

async function unpack(text) {
  const packed = Uint8Array.from(atob(text.trim()), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const size = new DataView(bytes.buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size)));
  const places = new Map();
  let at = 4 + size;
  for (const [name, count, width, steps] of head.columns) {
    places.set(name, { at, count, width, steps });
    at += count * width;
  }
  const column = (name) => {
    const place = places.get(name);
    if (!place) throw new Error(`no column ${name}`);
    return unfolded(bytes, place);
  };
  if (!Array.isArray(head.orders)) {
    const { word, width } = head.orders;
    head.orders = Array.from(column("order.number"), (n) => word + String(n).padStart(width, "0"));
  }
  return { head, column };
}

// Lowest bytes first, then the next; 0, 1, 2, 3 ... stand for 0, -1, 1, -2 ...; steps are summed up.
function unfolded(bytes, { at, count, width, steps }) {
  const values = new Float64Array(count);
  let worth = 1;
  for (let plane = 0; plane < width; plane++, worth *= 256) {
    const start = at + plane * count;
    for (let i = 0; i < count; i++) values[i] += bytes[start + i] * worth;
  }
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const folded = values[i];
    const value = folded % FOLD ? -(folded + 1) / FOLD : folded / FOLD;
    values[i] = steps ? (sum += value) : value;
  }
  return values;
}

// The number of values at or below a limit in a sorted part of an array.
function upTo(values, limit, start = 0, end = values.length) {
  let low = start,
    high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
