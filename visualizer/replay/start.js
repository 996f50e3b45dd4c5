// --- start: unpack, show, and what tests may ask

async function start() {
  try {
    const replay = new Replay(await unpack(document.getElementById("packed").textContent));
    replay.markTimes = replay.head.marks.map((mark) => mark.at);
    const controls = new Controls(replay);
    const plain = (ms) => {
      const moment = replay.at(ms);
      return {
        ...moment,
        floor: Array.from(moment.floor),
        gap: Array.from(moment.gap),
        waiting: Array.from(moment.waiting),
        workers: moment.workers.map(({ x, y, state, share }, who) => ({
          name: replay.head.workers[who][0],
          x,
          y,
          state,
          share,
        })),
      };
    };
    window.twinReplay = { at: plain, controls, state: controls.state, head: replay.head, replay };
  } catch (fault) {
    const line = document.getElementById("fault");
    line.hidden = false;
    line.textContent = `This file cannot be replayed here: ${fault.message}`;
    throw fault;
  }
}

start();
