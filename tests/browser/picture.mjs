// SPDX-License-Identifier: GPL-3.0-or-later
// Prints an SVG of a report's page for the README: parts of the page itself and its style, as text and not as pixels.

import { launch, opened } from "./browser.mjs";

const WIDTH = 1200;

// Runs in the page: leaves what the picture shows, and returns it.
const drawn = (width) => {
  const hostile = (element) => element.textContent.includes("<script>");
  const gone = (selector, unless = () => false) => {
    for (const element of document.querySelectorAll(selector)) if (!unless(element)) element.remove();
  };
  gone("body > script, body > .skip, nav, form, button, footer, [role=status], #charts, #evidence");
  gone("ol.findings li, .matrix tbody tr, .expiry tbody tr", (element) => !hostile(element));
  gone("ol.findings li:nth-child(n + 2), .group:nth-of-type(n + 4)");
  for (const section of document.querySelectorAll("main > section")) {
    const title = section.getAttribute("aria-labelledby");
    if (!["verdict", "findings", "people", "expiry"].includes(title)) section.remove();
  }
  gone("#people ~ h3, #people ~ h3 ~ *");
  // Nothing leads anywhere in a picture.
  for (const link of document.querySelectorAll("a")) link.removeAttribute("href");

  const style = `${document.querySelector("style").textContent}\n* { content-visibility: visible !important; }`;
  const escaped = style.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  const body = new XMLSerializer().serializeToString(document.body);
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    "<title>An audit's report: the verdict, what to do next, findings, who has access to what, and what expires</title>",
    `<foreignObject width="${width}" height="${height}">`,
    `<style>${escaped}</style>`,
    body,
    "</foreignObject>",
    "</svg>",
    "",
  ];
  return lines.join("\n").replace(/[ \t]+$/gm, "").replace(/\n{2,}/g, "\n");
};

const browser = await launch();
try {
  await opened(
    browser,
    "rich",
    async (page) => process.stdout.write(await page.evaluate(drawn, WIDTH)),
    { viewport: { width: WIDTH, height: 6000 } },
  );
} finally {
  await browser.close();
}
