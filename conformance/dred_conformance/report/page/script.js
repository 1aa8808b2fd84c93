"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const maps = JSON.parse(byId("maps").textContent);
  const clauseIds = JSON.parse(byId("clause-list").textContent);

  // ---- the bit map: built when a failure is opened ----
  const COLOURS = 8;
  const shown = (value) => (value === null ? "" : String(value));
  const groupName = (name) => (name.match(/^latents\[\d+\]|^state(?=\[)/) || [name])[0];
  const spanText = (start, bits) =>
    bits === 0 ? `no whole bit, at bit ${start}` : bits === 1 ? `bit ${start}` : `bits ${start} to ${start + bits - 1}`;

  const buildMap = (place, packed, isFault) => {
    const [of, size, firstByte, hex, bit, under, fieldsRead, sources, clauses, notes, rows] = packed;
    const fields = rows.map(([name, source, clause, start, bits, value, note], index) => ({
      name, source: sources[source], clause: clauses[clause], start, bits, value, note: notes[note], index,
    }));
    const keyOf = (field) => {
      const element = field.source === "padding" ? field.note : "";
      return `${field.source} ${groupName(field.name)} ${element}${groupName(field.name) === field.name ? field.start : ""}`;
    };
    const groups = new Map();
    for (const field of fields) {
      const key = keyOf(field);
      if (!groups.has(key)) groups.set(key, { name: groupName(field.name), fields: [] });
      groups.get(key).fields.push(field);
      field.group = groups.get(key);
    }
    // The innermost field owns a bit: inner sources come later. Fields that share a bit are all named.
    const from = 8 * firstByte, to = from + 4 * hex.length;
    const owners = new Map();
    for (const field of fields) {
      for (let at = Math.max(from, field.start); at < Math.min(to, field.start + field.bits); at += 1) {
        const there = owners.get(at) || [];
        if (there.length && there[0].source !== field.source) there.length = 0;
        if (there.length && there[0].name === "padding") there.length = 0;
        there.push(field);
        owners.set(at, there);
      }
    }
    const seen = new Set();
    for (let at = from; at < to; at += 1) for (const field of owners.get(at) || []) seen.add(field.group);
    if (under !== null) seen.add(fields[under].group);
    const visible = [...groups.values()].filter((group) => seen.has(group));
    visible.forEach((group, index) => { group.colour = index % COLOURS; });

    const describe = (field) => {
      const value = shown(field.value);
      return `${field.name}${value === "" ? "" : " = " + value} (${field.source}, ${spanText(field.start, field.bits)}, ${field.clause}${field.note ? ", " + field.note : ""})`;
    };
    const figure = make("figure", "bitmap");
    const bytesShown = hex.length / 2;
    let caption = `Bits of ${of}, ${size} byte${size === 1 ? "" : "s"}`;
    if (bytesShown < size) caption += `; bytes ${firstByte} to ${firstByte + bytesShown - 1} are shown`;
    if (fields.length < fieldsRead) caption += `; ${fields.length} of ${fieldsRead} fields`;
    caption += ". Coloured by field as the literal decoder reads them; point at a bit, or choose a field below.";
    figure.append(make("figcaption", "", caption));
    const bytes = make("div", "bytes");
    bytes.setAttribute("aria-hidden", "true");
    const readout = make("p", "readout");
    const cells = new Map();
    const underField = under === null ? null : fields[under];
    for (let index = 0; index < bytesShown; index += 1) {
      const value = parseInt(hex.slice(2 * index, 2 * index + 2), 16);
      const byte = make("div", "byte");
      const bits = make("div", "bits");
      for (let inside = 0; inside < 8; inside += 1) {
        const at = 8 * (firstByte + index) + inside;
        const own = owners.get(at) || [];
        const cell = make("i", own.length ? `c${own[0].group.colour}` : "", String((value >> (7 - inside)) & 1));
        if (own.some((field) => field.start === at)) cell.classList.add("starts");
        if (own.includes(underField)) cell.classList.add("under");
        if (at === bit) cell.classList.add("first", "under");
        if (isFault && bit !== null && at >> 3 === bit >> 3) cell.classList.add("under");
        cell.title = `bit ${at}` + (own.length ? ": " + own.map(describe).join("; ") : "");
        cell.dataset.bit = at;
        cells.set(at, cell);
        bits.append(cell);
      }
      const foot = make("div");
      foot.append(make("span", "hex", hex.slice(2 * index, 2 * index + 2)), make("span", "at", String(firstByte + index)));
      if (bit !== null && Math.floor(bit / 8) === firstByte + index) byte.classList.add("here");
      byte.append(bits, foot);
      bytes.append(byte);
    }
    const light = (lit, text) => {
      for (const cell of cells.values()) cell.classList.remove("lit");
      for (const field of lit) for (let at = field.start; at < field.start + field.bits; at += 1) cells.get(at)?.classList.add("lit");
      readout.textContent = text;
    };
    const overBit = (event) => {
      const at = Number(event.target.dataset?.bit);
      if (event.target.dataset?.bit !== undefined) light(owners.get(at) || [], cells.get(at).title);
    };
    bytes.addEventListener("pointerover", overBit);
    bytes.addEventListener("click", overBit);
    const legend = make("ul", "legend");
    for (const group of visible) {
      const alone = group.fields.length === 1 ? group.fields[0] : null;
      const value = alone ? shown(alone.value) : "";
      const label = group.name + (value === "" ? "" : ` = ${value.length > 20 ? value.slice(0, 20) + "..." : value}`);
      const button = make("button", `c${group.colour}`, label);
      button.type = "button";
      if (group.fields.includes(underField)) {
        button.classList.add("under");
        button.setAttribute("aria-label", `${label}, under the difference`);
      }
      const ends = group.fields.map((field) => field.start + field.bits);
      const start = Math.min(...group.fields.map((field) => field.start));
      const text = alone ? describe(alone)
        : `${group.name} (${spanText(start, Math.max(...ends) - start)}): ${group.fields.map((field) => shown(field.value)).join(", ")}`;
      const choose = () => light(group.fields, text);
      button.addEventListener("click", choose);
      button.addEventListener("focus", choose);
      button.addEventListener("pointerenter", choose);
      const item = make("li");
      item.append(button);
      legend.append(item);
    }
    readout.setAttribute("role", "status");
    readout.textContent = underField ? `Under the ${isFault ? "fault" : "difference"}: ${describe(underField)}` : bit === null ? ""
      : isFault ? `The fault is at byte ${bit >> 3}.` : `Difference at bit ${bit}.`;
    const window = make("div", "window");
    window.tabIndex = 0;
    window.setAttribute("role", "group");
    window.setAttribute("aria-label", "Picture of the bits; the list below says the same in words");
    window.append(bytes);
    figure.append(window, readout, legend);
    place.append(figure);
    const here = bytes.querySelector(".here");
    if (here) window.scrollTop = here.offsetTop - window.clientHeight / 3;
  };

  const fillMap = (details) => {
    const place = details.querySelector(".map");
    if (place && !place.firstChild) {
      buildMap(place, maps[Number(details.dataset.map)], !details.querySelector(".diff"));
    }
  };
  const failures = [...document.querySelectorAll("details.case")];
  for (const details of failures) {
    details.addEventListener("toggle", () => { if (details.open) fillMap(details); });
  }

  // ---- copy buttons ----
  const copyText = async (text, code) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const range = document.createRange();
      range.selectNodeContents(code);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      return document.execCommand("copy");
    }
  };
  for (const button of document.querySelectorAll("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const code = button.parentElement.querySelector("code");
      const done = await copyText(code.textContent, code);
      button.textContent = done ? "Copied" : "Press Ctrl+C";
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
  }

  // ---- filters, kept in the hash: #stage=packet&verdict=fail&clause=...&text=... ----
  const form = document.querySelector("form.filters");
  const names = ["stage", "verdict", "clause", "text"];
  const rows = failures.map((element) => ({ element, stage: element.dataset.stage, group: null, text: element.querySelector("summary") }));
  const groups = [...document.querySelectorAll("details.group")];
  for (const group of groups) {
    for (const element of group.querySelectorAll("li")) rows.push({ element, stage: group.dataset.stage, group, text: element });
  }
  for (const row of rows) {
    row.verdict = row.element.dataset.v;
    row.clauses = row.element.dataset.c.split(" ").map((number) => clauseIds[Number(number)]);
    row.text = row.text.textContent.toLowerCase();
  }
  const matchesClause = (wanted) => {
    const exact = clauseIds.includes(wanted);
    const low = wanted.toLowerCase();
    return (row) => row.clauses.some((clause) => (exact ? clause === wanted : clause !== undefined && clause.toLowerCase().includes(low)));
  };
  const apply = () => {
    const wanted = Object.fromEntries(names.map((name) => [name, form.elements[name].value.trim()]));
    const words = wanted.text.toLowerCase().split(/\s+/).filter(Boolean);
    const clauseFits = wanted.clause ? matchesClause(wanted.clause) : () => true;
    const active = names.some((name) => wanted[name]);
    const left = new Map(groups.map((group) => [group, 0]));
    let failed = 0, others = 0;
    for (const row of rows) {
      const fits = (!wanted.stage || row.stage === wanted.stage) && (!wanted.verdict || row.verdict === wanted.verdict)
        && clauseFits(row) && words.every((word) => row.text.includes(word));
      row.element.hidden = !fits;
      if (!fits) continue;
      if (row.group) { others += 1; left.set(row.group, left.get(row.group) + 1); } else failed += 1;
    }
    for (const [group, count] of left) {
      group.hidden = count === 0;
      if (active && others <= 60 && count) group.open = true;
    }
    const counts = [["failure-count", failed, failures.length], ["other-count", others, rows.length - failures.length]];
    for (const [id, count, all] of counts) {
      byId(id).textContent = (active ? `${count.toLocaleString("en")} of ` : "") + all.toLocaleString("en");
    }
    byId("found").textContent = active ? `${failed.toLocaleString("en")} failures and ${others.toLocaleString("en")} other cases fit.`
      : `No filter: all ${rows.length.toLocaleString("en")} cases.`;
    return wanted;
  };
  let ownHash = null;
  const keep = () => {
    const wanted = apply();
    const kept = new URLSearchParams(names.filter((name) => wanted[name]).map((name) => [name, wanted[name]]));
    ownHash = kept.size ? "#" + kept.toString() : "#cases";
    history.replaceState(null, "", ownHash);
  };
  const follow = () => {
    const hash = location.hash.slice(1);
    if (hash.includes("=")) {
      const asked = new URLSearchParams(hash);
      for (const name of names) form.elements[name].value = asked.get(name) || "";
      apply();
      byId("cases").scrollIntoView();
      return;
    }
    let id = hash;
    try { id = decodeURIComponent(hash); } catch { /* a stray percent sign: the hash names nothing */ }
    const target = id && byId(id);
    if (!target) return;
    const row = rows.find((each) => each.element === target);
    if (row) {
      if (target.hidden) { form.reset(); apply(); }
      const outer = row.group || target;
      outer.open = true;
      if (!row.group) fillMap(target);
    }
    target.scrollIntoView();
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", keep);
  form.addEventListener("reset", () => setTimeout(keep));
  addEventListener("hashchange", follow);
  apply();
  follow();
})();
