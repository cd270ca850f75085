// Uses the page of decant serve in headless Chromium as a person would, and prints what it saw as JSON.
// node serve_page.mjs MODULES URL FOLDER NAME BACKEND SEED: screenshots go to FOLDER/NAME-*.png
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';

const [modules, url, folder, name, backend, seed] = process.argv.slice(2);
const { chromium } = createRequire(path.join(modules, 'node_modules', 'x.js'))('playwright-core');
const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'decant-chromium-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: '/usr/bin/chromium', headless: true, viewport: { width: 1480, height: 940 }, colorScheme: 'light',
  args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
});
const seen = { console: [], requests: [] };
try {
  const page = context.pages()[0] ?? await context.newPage();
  page.on('console', m => m.type() === 'error' && seen.console.push(m.text()));
  page.on('pageerror', e => seen.console.push(`uncaught: ${e.message}`));
  page.on('request', r => !r.url().startsWith(url) && !r.url().startsWith(`blob:${url}`) && seen.requests.push(r.url()));
  const shoot = what => page.screenshot({ path: path.join(folder, `${name}-${what}.png`) });

  await page.goto(url);
  await page.locator('.node').first().waitFor();
  seen.title = await page.locator('#title').textContent();
  seen.nodes = await page.locator('.node').count();
  seen.markup = await page.locator('main img, main script, #title *').count();

  // From here on by the keyboard alone.
  await page.locator(`input[value=${backend}]`).focus();
  await page.keyboard.press('Space');
  await page.locator('#seed').fill(seed);
  await page.locator('#runs').fill('5');
  await page.keyboard.press('Enter');
  await page.locator(`tr[data-backend=${backend}]`).waitFor({ timeout: 120_000 });
  seen.row = await page.locator(`tr[data-backend=${backend}] > *`).allTextContents();
  seen.decant = await page.locator('tr[data-backend=Decant] > *').allTextContents();
  seen.outputs = await page.locator('#outputs tbody tr').evaluateAll(rows => rows.map(r => [...r.cells].map(c => c.textContent)));
  seen.status = await page.locator('#status').textContent();
  await shoot('light');

  await page.locator('#canvas').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowDown');
  seen.selected = await page.locator('#details .name').textContent();
  const scale = () => page.locator('#canvas svg > g').getAttribute('transform');
  const before = await scale();
  await page.keyboard.press('+');
  seen.zooms = before !== await scale();
  await page.keyboard.press('0');
  await page.keyboard.press('/');
  await page.keyboard.type(seen.selected.split('/').at(-1));
  await page.locator('.node.hit').first().waitFor();
  seen.hits = await page.locator('#hits').textContent();
  await page.keyboard.press('Enter');
  seen.found = await page.locator('#details .name').textContent();
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForTimeout(300);
  await shoot('dark');

  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForTimeout(300);
  seen.overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  seen.cut = await page.locator('.scrolls').evaluateAll(all => all.filter(e => e.scrollWidth > e.clientWidth).length);
  const [canvas, current] = [await page.locator('#canvas').boundingBox(), await page.locator('.node.current rect').boundingBox()];
  seen.inView = current.y >= canvas.y && current.y + current.height <= canvas.y + canvas.height;
  await page.screenshot({ path: path.join(folder, `${name}-small.png`), fullPage: true });
} finally {
  await context.close();
  fs.rmSync(profile, { recursive: true, force: true });
}
console.log(JSON.stringify(seen));
