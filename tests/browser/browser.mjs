// SPDX-License-Identifier: GPL-3.0-or-later
// The system's Chromium, and pages of the report in it.

import { strict as assert } from "node:assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

export const FOLDER = process.env.REPORT_PAGES;

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: [
      "--no-sandbox", // tests may run as root
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

// Runs `use(page)` with a sample's page, and asserts that the browser complained of nothing and asked nobody.
export const opened = async (browser, sample, use, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, ...options });
  try {
    const page = await context.newPage();
    const complaints = [];
    page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    const address = pathToFileURL(join(FOLDER, `${sample}.html`)).href;
    await page.goto(address);
    await use(page);
    assert.deepEqual(complaints, []);
    assert.deepEqual(asked.map((url) => url.replace(/#.*/, "")), [address]);
  } finally {
    await context.close();
  }
};

// A picture of the whole page. The window is made as tall as the page, since what is outside of it is not drawn.
export const picture = async (page, name) => {
  const { width } = page.viewportSize();
  await page.setViewportSize({ width, height: await page.evaluate(() => document.documentElement.scrollHeight) });
  await page.setViewportSize({ width, height: await page.evaluate(() => document.documentElement.scrollHeight) });
  await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: true });
};

// Texts of the visible elements that `selector` finds.
export const seen = async (page, selector) => {
  const texts = [];
  for (const element of await page.locator(selector).all()) {
    if (await element.isVisible()) texts.push((await element.textContent()).trim());
  }
  return texts;
};
