'use strict';
// Stage `extension`: spec-notes/extensions.md.

const { RuleError } = require('./errors');

const SEPARATOR = 1;
const REPEAT = 2;
const FIRST_SHORT = 3;
const FIRST_LONG = 32;
// Repeats multiply: a small area can stand for millions of extensions. No packet holds as many as this.
const MOST_EXTENSIONS = 100000;

function fail(rule, position, message) {
  throw new RuleError(rule, 'extension', position, message);
}

// Lacing and payload of a long extension with L = 1.
function lacedPayload(area, at, position) {
  let length = 0;
  let lacing;
  do {
    if (at >= area.length) fail('E3', position, 'the lacing is cut');
    lacing = area[at++];
    length += lacing;
  } while (lacing === 255);
  if (length > area.length - at) fail('E3', position, `${length} payload bytes, ${area.length - at} left`);
  return { start: at, end: at + length };
}

// Where the payload of an extension with this id and L lies if it is read at `at`. `kept` bytes at the end of the
// area belong to others.
function payloadSpan(area, at, id, flag, position, kept) {
  if (id < FIRST_LONG) {
    if (flag > area.length - at) fail('E1', position, 'the payload byte of a short extension is missing');
    return { start: at, end: at + flag };
  }
  if (flag === 1) return lacedPayload(area, at, position);
  const left = area.length - at;
  if (left < kept) fail('E5', position, `${kept} bytes of short payloads behind it, ${left} left`);
  return { start: at, end: area.length - kept };
}

class Reader {
  constructor(area, frameCount) {
    this.area = area;
    this.frameCount = frameCount;
    this.found = [];
    this.at = 0;
    this.frame = 0;
    this.startRegion();
    this.trailing = 0;
  }

  // What a repeat can repeat starts here.
  startRegion() {
    this.region = this.at;
    this.lastLong = -1;
  }

  add(id, frame, span) {
    if (this.found.length >= MOST_EXTENSIONS) fail('W1', null, `more than ${MOST_EXTENSIONS} extensions`);
    this.found.push({ id, frame, payload: this.area.subarray(span.start, span.end) });
  }

  read() {
    while (this.at < this.area.length) {
      const position = this.at;
      const id = this.area[position] >> 1;
      const flag = this.area[position] & 1;
      this.at += 1;
      if (id >= FIRST_SHORT) {
        this.readExtension(id, flag, position);
      } else if (id === REPEAT) {
        this.repeat(flag, position);
      } else if (id === SEPARATOR) {
        this.separate(flag, position);
      } else if (flag === 0) {
        return; // the rest is padding
      }
    }
  }

  readExtension(id, flag, position) {
    const span = payloadSpan(this.area, this.at, id, flag, position, 0);
    this.at = span.end;
    if (id < FIRST_LONG) {
      this.trailing += flag;
    } else {
      this.lastLong = this.at;
      this.trailing = 0;
    }
    this.add(id, this.frame, span);
  }

  separate(flag, position) {
    let step = 1;
    if (flag === 1) {
      if (this.at >= this.area.length) fail('E2', position, 'the increment of a separator is missing');
      step = this.area[this.at++];
      if (step === 0) return;
    }
    this.frame += step;
    if (this.frame >= this.frameCount) {
      fail('E4', position, `a separator leads to frame ${this.frame} of ${this.frameCount}`);
    }
    this.startRegion();
    this.trailing = 0;
  }

  // Header bytes come from the source [region, position), payloads from the area behind the repeat byte.
  repeat(flag, position) {
    const source = this.sourceExtensions(position);
    for (let frame = this.frame + 1; frame < this.frameCount; frame += 1) {
      for (const { id, flag: own, end } of source) {
        const isOpen = flag === 0 && frame === this.frameCount - 1 && end === this.lastLong;
        const span = payloadSpan(this.area, this.at, id, isOpen ? 0 : own, this.at, this.trailing);
        this.at = span.end;
        this.add(id, frame, span);
      }
    }
    this.startRegion();
    if (flag === 0) {
      this.frame += 1;
      if (this.frame >= this.frameCount) this.at = this.area.length;
    }
  }

  // The source was read once already, so it has no fault.
  sourceExtensions(sourceEnd) {
    const list = [];
    let at = this.region;
    while (at < sourceEnd) {
      const id = this.area[at] >> 1;
      const flag = this.area[at] & 1;
      at += 1;
      if (id >= FIRST_SHORT) {
        at = payloadSpan(this.area, at, id, flag, at, 0).end;
        list.push({ id, flag, end: at });
      } else if (id === SEPARATOR) {
        at += flag; // only `03 00` can be here
      }
    }
    return list;
  }
}

// The extensions in bitstream order; an error carries those found before it.
function readExtensions(area, frameCount) {
  const reader = new Reader(area, frameCount);
  try {
    reader.read();
  } catch (error) {
    if (error instanceof RuleError) error.found = reader.found;
    throw error;
  }
  return reader.found;
}

module.exports = { readExtensions };
