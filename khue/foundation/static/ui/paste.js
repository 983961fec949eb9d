// A block from a spreadsheet with names before its values: each value belongs to the row that has this name, wherever it
// stands. Numbers before the names and dates behind them are left out, and so is a heading.

// "Nguyễn  Văn Đức" and "nguyen van duc" are one name.
const folded = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase().replace(/\s+/g, " ").trim();

const grouped = (all, key) => {
  const found = new Map();
  for (const one of all) found.set(key(one), [...(found.get(key(one)) ?? []), one]);
  return found;
};

// Family name and given name may stand in columns of their own.
const MOST_COLUMNS = 3;

// block: lines of cells; rows: elements with their name in a th; read: null for what can be no value.
// Gives {values: [[row, texts]], left: names}: `left` stand in no row, or in more rows than lines. null: no names at all.
export const byName = (block, rows, read) => {
  const lines = block.filter((line) => line.some((text) => text.trim()));
  const width = Math.max(0, ...lines.map((line) => line.length));
  const isWords = (column) => {
    const typed = lines.map((line) => (line[column] ?? "").trim()).filter(Boolean);
    return typed.filter((text) => read(text) === null).length * 2 > typed.length;
  };
  const known = grouped(rows, (row) => folded(row.querySelector("th")?.textContent ?? ""));
  let best = { count: 0 };
  for (let from = 0; from < width; from++) {
    for (let to = from + 1; to <= Math.min(from + MOST_COLUMNS, width); to++) {
      const name = (line) => folded(line.slice(from, to).join(" "));
      const count = lines.filter((line) => known.has(name(line))).length;
      if (count > best.count) best = { count, name, from, to };
    }
  }
  if (best.count * 2 < lines.length || !best.count) {
    const words = [...Array(width).keys()].filter(isWords);
    return words.length && words.length < width ? { values: [], left: [] } : null;
  }
  let begin = best.to;
  while (begin < width && isWords(begin)) begin += 1;
  const values = [];
  const left = [];
  for (const [name, same] of grouped(lines, best.name)) {
    const there = known.get(name) ?? [];
    if (there.length === same.length) same.forEach((line, n) => values.push([there[n], line.slice(begin)]));
    else if (there.length || same[0] !== lines[0]) left.push(same[0].slice(best.from, best.to).join(" ").trim());
  }
  return { values, left };
};
