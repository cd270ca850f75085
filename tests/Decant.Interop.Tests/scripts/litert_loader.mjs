// Brings npm's @litertjs/core, which is made for browsers, up in Node.
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { createRequire } from 'node:module';

/** What the package exports, once its WebAssembly is loaded from a folder of modules. As it prints, the console is quiet until `speak` is called. */
export async function load(modules) {
  const litert = path.join(modules, '@litertjs', 'core'), { log, warn, info } = console;
  globalThis.self = globalThis;
  globalThis.__dirname = path.join(litert, 'wasm');
  globalThis.require = createRequire(path.join(litert, 'x.js'));
  globalThis.importScripts = script => vm.runInThisContext(fs.readFileSync(script, 'utf8'), { filename: script });
  Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'node', hardwareConcurrency: 1, language: 'en' }, configurable: true });
  console.warn = console.info = console.log = () => {};
  const exported = await import(path.join(litert, 'dist', 'index.js'));
  await exported.loadLiteRt(path.join(litert, 'wasm') + '/');
  return { ...exported, speak: () => Object.assign(console, { log, warn, info }) };
}
