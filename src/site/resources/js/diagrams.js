// Draws the Mermaid diagrams of a page. Only pages with a diagram load Mermaid.
const diagrams = [...document.querySelectorAll("code.language-mermaid")].map((code) => {
  const diagram = document.createElement("pre");
  diagram.className = "mermaid";
  diagram.textContent = code.textContent;
  code.parentElement.replaceWith(diagram);
  return diagram;
});
if (diagrams.length > 0) {
  const script = document.createElement("script");
  script.src = "js/mermaid.min.js";
  script.onload = () => {
    const fullSize = { useMaxWidth: false };
    mermaid.initialize({ startOnLoad: false, theme: "neutral", flowchart: fullSize, sequence: fullSize });
    mermaid.run({ nodes: diagrams });
  };
  document.head.append(script);
}
