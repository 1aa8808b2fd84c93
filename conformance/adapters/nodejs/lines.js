'use strict';
// Lines of a stream as Buffers. One that is too long is given as null and read over, so that it costs no memory.

async function* linesOf(stream, longest) {
  let parts = [];
  let size = 0;
  const take = () => {
    const line = size > longest ? null : Buffer.concat(parts);
    parts = [];
    size = 0;
    return line;
  };
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end));
      size += end - start;
      start = end + 1;
      yield take();
    }
    size += chunk.length - start;
    if (size > longest) parts = [];
    else parts.push(chunk.subarray(start));
  }
  if (size > 0) yield take();
}

module.exports = { linesOf };
