'use strict';
// The two ways in which a request is refused.

// The input breaks a rule of spec-notes/rules.toml.
class RuleError extends Error {
  constructor(rule, stage, position, message) {
    super(message);
    this.answer = { rule, stage, position, message };
  }
}

// The request itself is not what the protocol says.
class ProtocolError extends Error {
  constructor(message) {
    super(message);
    this.answer = { stage: 'protocol', message };
  }
}

module.exports = { RuleError, ProtocolError };
