// Search, filters and the theme. The report is complete without this script.
"use strict";

(() => {
  const byId = (id) => document.getElementById(id);

  // At most one run of `work` for each frame, however fast somebody types.
  const onceAFrame = (work) => {
    let asked = false;
    return () => {
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        work();
      });
    };
  };

  // A screen reader hears the number when typing pauses, not at every key. `some`: not everything is shown.
  const announcer = (element) => {
    let timer;
    return (text, some) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        element.textContent = text;
        element.classList.toggle("some", some);
      }, 200);
    };
  };

  const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

  const theme = () => {
    const button = byId("theme");
    const root = document.documentElement;
    const system = matchMedia("(prefers-color-scheme: dark)");
    const show = () => {
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
      button.setAttribute("aria-pressed", String(dark));
    };
    button.addEventListener("click", () => {
      root.dataset.theme = button.getAttribute("aria-pressed") === "true" ? "light" : "dark";
      show();
    });
    system.addEventListener("change", show);
    button.hidden = false;
    show();
  };

  const findings = () => {
    const form = byId("filter");
    if (!form) return;
    const search = byId("search");
    const selects = [...form.querySelectorAll("select")];
    const say = announcer(byId("matches"));
    const groups = [...document.querySelectorAll(".group")].map((element) => {
      const items = [...element.querySelectorAll("li")];
      return { element, items, count: element.querySelector(".of"), total: items.length };
    });
    const total = groups.reduce((sum, group) => sum + group.total, 0);
    // The text of each finding is read once, when it is first searched.
    const texts = new Map();
    const text = (item) => {
      if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
      return texts.get(item);
    };

    const apply = () => {
      const wanted = words(search.value);
      const tags = selects.map((select) => select.value).filter(Boolean);
      let found = 0;
      for (const group of groups) {
        let shown = 0;
        for (const item of group.items) {
          const own = ` ${item.dataset.tags} `;
          const fits = tags.every((tag) => own.includes(` ${tag} `)) && wanted.every((word) => text(item).includes(word));
          if (item.hidden === fits) item.hidden = !fits;
          if (fits) shown += 1;
        }
        group.element.hidden = shown === 0;
        const all = group.total.toLocaleString("en");
        group.count.textContent = shown === group.total ? all : `${shown.toLocaleString("en")} of ${all}`;
        found += shown;
      }
      const all = total.toLocaleString("en");
      const some = found !== total;
      say(some ? `${found.toLocaleString("en")} of ${all} findings shown` : `${all} findings`, some);
    };

    const soon = onceAFrame(apply);
    form.addEventListener("input", soon);
    form.addEventListener("reset", () => setTimeout(soon));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    // A browser may have kept what was chosen before the page was loaded again.
    apply();
  };

  const people = () => {
    const form = byId("find");
    if (!form) return;
    const search = byId("person");
    const status = byId("persons");
    const say = announcer(status);
    const rows = [...byId("matrix").tBodies[0].rows];
    const texts = new Map();
    const text = (row) => {
      if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
      return texts.get(row);
    };

    const apply = () => {
      const wanted = words(search.value);
      let found = 0;
      for (const row of rows) {
        const fits = wanted.every((word) => text(row).includes(word));
        if (row.hidden === fits) row.hidden = !fits;
        if (fits) found += 1;
      }
      const all = rows.length.toLocaleString("en");
      const some = found !== rows.length;
      say(some ? `${found.toLocaleString("en")} of ${all} people shown` : `${all} people`, some);
    };

    form.addEventListener("input", onceAFrame(apply));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    status.hidden = false;
    apply();
  };

  theme();
  findings();
  people();
})();
