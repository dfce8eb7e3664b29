// SPDX-License-Identifier: Apache-2.0
// Runs a bundle of the folder beside this one as a command that ends soon. What V8 made of it lies beside it where the
// bundle was made by the same Node: then functions that run need not be compiled again.
"use strict";
const { readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { setFlagsFromString } = require("node:v8");
const { Script } = require("node:vm");

const folder = join(__dirname, "../bundle");

function readIfThere(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** Where the compiled form of a bundle is kept, by what it depends on. */
function cacheOf(name, from) {
  return join(from, `${name}.${process.version}-${process.platform}-${process.arch}.cache`);
}

/** Starts a bundle; undefined when there is none. */
function start(name, words, from = folder) {
  // A process that ends in a second spends more on optimizing code than it gets back: only what runs long is optimized.
  setFlagsFromString("--interrupt-budget=1000000");
  const file = join(from, `${name}.cjs`);
  const source = readIfThere(file);
  if (source === undefined) {
    console.error(`${name} has not been bundled yet. In the folder of the project, run: npm run prepare`);
    process.exitCode = 1;
    return undefined;
  }
  process.argv = [process.argv[0], file, ...words];
  const script = new Script(`(function (exports, require, module) {${source.toString("utf8")}\n})`, {
    filename: file,
    cachedData: readIfThere(cacheOf(name, from)),
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module);
  return script;
}

module.exports = {
  run: (name, words) => void start(name, words),
  /** Runs a bundle once, and keeps what V8 made of it. */
  warm: (name, words, from) => {
    const script = start(name, words, from);
    if (script !== undefined) process.on("exit", () => writeFileSync(cacheOf(name, from), script.createCachedData()));
  },
};
