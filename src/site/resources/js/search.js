// The search field of each page: lunr over search-index.js, in the browser alone.
document.addEventListener("DOMContentLoaded", () => {
  const menu = document.querySelector("#leftColumn nav");
  if (!menu || !window.lunr || !window.searchIndex) {
    return;
  }
  // Names such as x-gateway-model-name and --body-limit are found by their parts as well.
  const separator = /[\s\-_./,:;()`"']+/;
  const index = lunr(function () {
    this.ref("link");
    this.field("title", { boost: 5 });
    this.field("text");
    this.tokenizer.separator = separator;
    window.searchIndex.forEach((section) => this.add(section));
  });
  const sections = new Map(window.searchIndex.map((section) => [section.link, section]));

  const form = document.createElement("form");
  form.setAttribute("role", "search");
  form.innerHTML =
    '<label for="search">Search</label>' +
    '<input id="search" type="search" autocomplete="off" aria-controls="results">' +
    '<ol id="results" aria-live="polite"></ol>';
  menu.prepend(form);
  const results = form.querySelector("#results");
  const input = form.querySelector("#search");

  /** All words of the text, each also as the beginning of a word. */
  const find = (text) => {
    const words = text.toLowerCase().split(separator).filter(Boolean);
    return index.query((query) => {
      for (const word of words) {
        query.term(word, { boost: 10 });
        query.term(word, { wildcard: lunr.Query.wildcard.TRAILING, usePipeline: false });
      }
    });
  };

  const item = (section) => {
    const link = document.createElement("a");
    link.href = section.link;
    link.textContent = section.title;
    const entry = document.createElement("li");
    entry.append(link);
    return entry;
  };

  input.addEventListener("input", () => {
    const found = input.value.trim() === "" ? [] : find(input.value).slice(0, 12);
    results.replaceChildren(...found.map((one) => item(sections.get(one.ref))));
    if (found.length === 0 && input.value.trim() !== "") {
      results.textContent = "Nothing found.";
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    results.querySelector("a")?.click();
  });
});
