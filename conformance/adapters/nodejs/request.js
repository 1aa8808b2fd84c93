'use strict';
// Members of a request, each of the type that the protocol gives it.

const { ProtocolError } = require('./errors');

function bytes(request, name) {
  const text = request[name];
  if (typeof text !== 'string') throw new ProtocolError(`${name} is missing or no string`);
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new ProtocolError(`${name} is not hexadecimal`);
  return Buffer.from(text, 'hex');
}

function boolean(request, name, byDefault) {
  const value = name in request ? request[name] : byDefault;
  if (typeof value !== 'boolean') throw new ProtocolError(`${name} is not true or false`);
  return value;
}

function integer(request, name, least, most) {
  const value = request[name];
  if (!Number.isInteger(value)) throw new ProtocolError(`${name} is missing or no integer`);
  if (value < least || value > most) throw new ProtocolError(`${name} is not ${least} to ${most}`);
  return value;
}

// The sequence number of a request, or null where there is none to be read.
function sequenceNumber(request) {
  const isObject = typeof request === 'object' && request !== null && !Array.isArray(request);
  return isObject && Number.isSafeInteger(request.seq) && request.seq >= 0 ? request.seq : null;
}

module.exports = { bytes, boolean, integer, sequenceNumber };
