export const themeKey = "ghost.theme";

/** Runs before the first paint, from the page itself: nothing flashes. */
export const themeScript = `(()=>{let t;try{t=localStorage.getItem("${themeKey}")}catch{}
if(t!=="dark"&&t!=="light")t=matchMedia("(prefers-color-scheme: light)").matches?"light":"dark";
document.documentElement.dataset.theme=t})()`;
