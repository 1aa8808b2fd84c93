'use strict';
// Stage `packet`: spec-notes/framing.md, in its order. `at` is the next byte of the header, `end` is where the
// padding starts, so that `end - at` bytes are not yet accounted for.

const { RuleError } = require('./errors');

const LARGEST_FRAME = 1275;
const LONGEST_PACKET = 5760; // samples at 48 kHz: 120 ms

function refuse(rule, position, message) {
  throw new RuleError(rule, 'packet', position, message);
}

// Samples of one frame at 48 kHz.
function frameSamples(config) {
  if (config >= 16) return 120 << (config & 3);
  if (config >= 12) return 480 << (config & 1);
  return [480, 960, 1920, 2880][config & 3];
}

// The frame length code at `at`: its value and its size, or null if it is cut at `end`.
function lengthCode(data, at, end) {
  if (at >= end) return null;
  if (data[at] < 252) return { value: data[at], size: 1 };
  return at + 1 < end ? { value: 4 * data[at + 1] + data[at], size: 2 } : null;
}

// A length code whose frame lies in front of `end`.
function fittingLength(data, at, end, rule) {
  const length = lengthCode(data, at, end);
  if (length === null) refuse(rule, at, 'a frame length is missing or cut');
  const left = end - at - length.size;
  if (length.value > left) refuse(rule, at, `a frame of ${length.value} bytes, ${left} left`);
  return length;
}

function frameCount(data, config) {
  if (data.length < 2) refuse('R6', 1, 'the frame count byte is missing');
  const count = data[1] & 0x3f;
  if (count === 0) refuse('R5', 1, 'a packet of no frames');
  if (count * frameSamples(config) > LONGEST_PACKET) refuse('R5', 1, `${count} frames are longer than 120 ms`);
  return count;
}

// Reads the padding length bytes from byte 2 on.
function paddingLength(data, rule) {
  let at = 2;
  let length = 0;
  let code;
  do {
    if (at >= data.length) refuse(rule, data.length, 'a padding length byte is missing');
    code = data[at++];
    length += code === 255 ? 254 : code;
  } while (code === 255);
  if (length > data.length - at) refuse(rule, 2, `${length} bytes of padding, ${data.length - at} left`);
  return { at, length };
}

// What the header says: how many frames, where it ends, where the padding starts, the lengths given one by one,
// and `equal` where one length serves all frames.
function readHeader(data) {
  const config = data[0] >> 3;
  const code = data[0] & 3;
  const header = { count: 1, at: 1, end: data.length, lengths: [], lastCode: 1, equal: code === 1 };
  if (code === 1 || code === 2) header.count = 2;
  if (code === 2) {
    const length = fittingLength(data, 1, header.end, 'R4');
    header.lengths.push(length.value);
    header.at += length.size;
  }
  if (code !== 3) return header;

  header.count = frameCount(data, config);
  header.at = 2;
  header.equal = (data[1] & 0x80) === 0;
  if (data[1] & 0x40) {
    const padding = paddingLength(data, header.equal ? 'R6' : 'R7');
    header.at = padding.at;
    header.end -= padding.length;
  }
  if (!header.equal) {
    while (header.lengths.length < header.count - 1) {
      const length = fittingLength(data, header.at, header.end, 'R7');
      header.lengths.push(length.value);
      header.lastCode = header.at;
      header.at += length.size;
    }
    if (bytesForLast(header) < 0) refuse('R7', header.lastCode, 'the frames together are longer than the packet');
  }
  return header;
}

function bytesForLast(header) {
  return header.lengths.reduce((left, length) => left - length, header.end - header.at);
}

// Without a length of its own, the last frame (or all the equal ones) takes what is left.
function impliedLengths(header, code) {
  const { count, equal, lengths, at } = header;
  const left = bytesForLast(header);
  if (equal && left % count !== 0) refuse(code === 1 ? 'R3' : 'R6', at, `${left} bytes for ${count} equal frames`);
  const last = equal ? left / count : left;
  if (last > LARGEST_FRAME) {
    const start = lengths.reduce((sum, length) => sum + length, at);
    refuse('R2', start, `a frame of ${last} bytes; ${LARGEST_FRAME} is the most`);
  }
  return equal ? Array(count).fill(last) : [...lengths, last];
}

// The self-delimiting variant has one more length code.
function delimitedLengths(data, header) {
  const { count, equal, lengths, at, end } = header;
  const left = bytesForLast(header);
  const length = fittingLength(data, at, end, 'B1');
  header.at += length.size;
  if (equal) {
    if (length.value * count > end - header.at) refuse('B2', at, `${count} frames of ${length.value} bytes do not fit`);
    return Array(count).fill(length.value);
  }
  if (length.size + length.value > left) refuse('B3', at, `a last frame of ${length.value} bytes does not fit`);
  return [...lengths, length.value];
}

function readPacket(data, selfDelimited) {
  if (data.length === 0) refuse('R1', 0, 'a packet of no bytes');
  const code = data[0] & 3;
  const header = readHeader(data);
  const lengths = selfDelimited ? delimitedLengths(data, header) : impliedLengths(header, code);
  const frames = [];
  let at = header.at;
  for (const length of lengths) {
    frames.push(data.subarray(at, at + length));
    at += length;
  }
  const consumed = at + (data.length - header.end);
  return {
    config: data[0] >> 3,
    stereo: (data[0] & 4) !== 0,
    code,
    frames,
    padding: data.subarray(at, consumed),
    consumed,
  };
}

module.exports = { readPacket };
