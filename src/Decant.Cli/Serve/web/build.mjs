// Bundles the page into dist, each file compressed, as the tool embeds and serves them.
import { build } from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const root = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(root, 'dist');
const packages = path.join(root, 'node_modules');
// 10 and 11 take minutes for the 19 MB of LiteRT and save a tenth.
const quality = 9;

const bundle = await build({
  entryPoints: { page: path.join(root, 'src/page.js'), runner: path.join(root, 'src/runner.js') },
  bundle: true, minify: true, format: 'iife', platform: 'browser', target: 'es2022', legalComments: 'inline',
  outdir: dist, write: false, logLevel: 'error',
});

const files = new Map(bundle.outputFiles.map(f => [path.basename(f.path), Buffer.from(f.contents)]));
for (const name of ['index.html', 'page.css', 'icon.svg'])
  files.set(name, fs.readFileSync(path.join(root, 'src', name)));
for (const name of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'])
  files.set(`tfjs/${name}`, fs.readFileSync(path.join(packages, '@tensorflow/tfjs-backend-wasm/wasm-out', name)));
for (const variant of ['', '_compat']) {
  for (const extension of ['js', 'wasm']) {
    const name = `litert_wasm${variant}_internal.${extension}`;
    files.set(`litert/${name}`, fs.readFileSync(path.join(packages, '@litertjs/core/wasm', name)));
  }
}

fs.rmSync(dist, { recursive: true, force: true });
let total = 0;
for (const [name, content] of files) {
  const target = path.join(dist, `${name}.br`);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const compressed = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_LGWIN]: 22, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } });
  fs.writeFileSync(target, compressed);
  total += compressed.length;
}
console.log(`${files.size} files, ${(total / 1e6).toFixed(1)} MB`);
