// Reads one evaluation a line, as JSON: {"expression", "states", "variables"}. Writes what JSONata's
// own implementation answers, a line each: {"value"} or {"fails": why}.
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import jsonata from 'jsonata';

// What Step Functions adds to JSONata (Step Functions Developer Guide, "JSONata functions provided by
// Step Functions"); $random and $uuid are not compared.
const functions = {
  partition: (array, size) => {
    if (array === undefined) return undefined;
    const all = Array.isArray(array) ? array : [array];
    return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
  },
  range: (first, last, step) =>
    Array.from({ length: Math.max(0, Math.floor((last - first) / step) + 1) }, (_, i) => first + i * step),
  hash: (data, algorithm) =>
    data === undefined
      ? undefined
      : createHash(algorithm.replace('-', ''))
          .update(typeof data === 'string' ? data : JSON.stringify(data), 'utf8')
          .digest('hex'),
  parse: (text) => (text === undefined ? undefined : JSON.parse(text)),
};

const parsed = new Map();

function parse(text) {
  if (!parsed.has(text)) {
    const expression = jsonata(text);
    for (const [name, body] of Object.entries(functions)) expression.registerFunction(name, body);
    parsed.set(text, expression);
  }
  return parsed.get(text);
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { expression, states, variables } = JSON.parse(line);
  let answer;
  try {
    const value = await parse(expression).evaluate(undefined, { ...variables, states });
    // A function, or nothing at all, is no JSON: Step Functions fails the state.
    answer = JSON.stringify(value) === undefined ? { fails: 'undefined' } : { value };
  } catch (error) {
    answer = { fails: String(error.message) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
