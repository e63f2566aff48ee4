/**
 * Runs before the dialogue, in few bytes: opened at its top and not again, no place in the page is to be
 * kept, and it can be drawn in parts (draw-in-parts.ts). A link to words of the page is in the entry's
 * name alone.
 */
export const drawInPartsScript = `{const{name:n,type:t}=performance.getEntriesByType('navigation')[0]??{};if(t==='navigate'&&!(n+location.hash).includes('#'))Object.assign(document.documentElement.dataset,{top:'',inParts:''})}`;
