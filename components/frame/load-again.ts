/**
 * Before a page's scripts have all arrived nothing of it works, and nothing of it can say so. Browsers give up what they are loading when the
 * machine's network changes, which it does whenever a container is started on it: so the page is loaded once more, and not again soon.
 */
export const loadAgainScript = `(()=>{function again({target}){
if(!(target instanceof HTMLScriptElement))return;
try{const last=Number(sessionStorage.getItem("ghost.loaded-again"));if(Date.now()-last<10000)return;
sessionStorage.setItem("ghost.loaded-again",Date.now());location.reload()}catch{}}
addEventListener("error",again,true);addEventListener("load",()=>removeEventListener("error",again,true))})()`;
