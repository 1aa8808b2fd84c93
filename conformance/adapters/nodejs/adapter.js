'use strict';
// An adapter of the conformance suite in plain Node.js (18 or newer): stages `packet` and `extension`, reading only.
//
//   dred conform --adapter "node conformance/adapters/nodejs/adapter.js"

const { once } = require('node:events');
const { ProtocolError, RuleError } = require('./errors');
const { readExtensions } = require('./extension');
const { linesOf } = require('./lines');
const { readPacket } = require('./packet');
const { boolean, bytes, integer, sequenceNumber } = require('./request');

const LONGEST_LINE = 16 << 20;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const hex = (data) => data.toString('hex');
const shown = (found) => found.map(({ id, frame, payload }) => ({ id, frame, payload: hex(payload) }));

const OPERATIONS = {
  packet(request) {
    const packet = readPacket(bytes(request, 'packet'), boolean(request, 'self_delimited', false));
    return { result: { ...packet, frames: packet.frames.map(hex), padding: hex(packet.padding) } };
  },
  extension(request) {
    const area = bytes(request, 'padding');
    return { result: shown(readExtensions(area, integer(request, 'frame_count', 1, 48))) };
  },
};

function hello(request) {
  integer(request, 'protocol', 1, 1);
  return {
    name: 'nodejs-example',
    version: '1.0',
    stages: ['packet', 'extension'],
    wire: [],
    models: [],
    operations: Object.keys(OPERATIONS),
  };
}

function refusal(error) {
  if (!(error instanceof RuleError || error instanceof ProtocolError)) throw error;
  return { error: error.found ? { ...error.answer, extensions: shown(error.found) } : error.answer };
}

function dispatch(request) {
  if (typeof request.op !== 'string') throw new ProtocolError('op is missing or no string');
  if (request.op === 'hello') return hello(request);
  if (Object.hasOwn(OPERATIONS, request.op)) return OPERATIONS[request.op](request);
  return { unsupported: `no operation '${request.op.slice(0, 80)}' here` };
}

function parse(line) {
  if (line === null) throw new ProtocolError(`the line is longer than ${LONGEST_LINE} bytes`);
  try {
    return JSON.parse(utf8.decode(line));
  } catch {
    throw new ProtocolError('the line is no JSON');
  }
}

function answer(line) {
  let seq = null;
  try {
    const request = parse(line);
    seq = sequenceNumber(request);
    if (seq === null) throw new ProtocolError('the line is no object with a seq');
    return { seq, ...dispatch(request) };
  } catch (error) {
    return { seq, ...refusal(error) };
  }
}

async function main() {
  for await (const line of linesOf(process.stdin, LONGEST_LINE)) {
    if (!process.stdout.write(`${JSON.stringify(answer(line))}\n`)) await once(process.stdout, 'drain');
  }
}

main();
