/**
 * Runs in the head before anything is painted, so that a chosen theme never flashes. It also marks
 * the document as having script, for the controls that need it. BaseLayout puts its hash into the
 * content security policy.
 */
export const themeStorageKey = 'port-dojo.theme';

export const themeScript = `(d=>{d.dataset.js='';try{const t=localStorage.getItem('${themeStorageKey}');if(t==='light'||t==='dark')d.dataset.theme=t}catch{}})(document.documentElement)`;
