import { describe, expect, it } from 'vitest';
import { laterImports, staticImports } from './static-imports.ts';

describe('the modules that a built module imports before it runs', () => {
  it.each([
    ['import{a as b,c}from"./a.js";b()', ['./a.js']],
    ['import"./a.js";import d from"./b.js";', ['./a.js', './b.js']],
    ['import*as e from"./c.js";const x=1;export{x}', ['./c.js']],
    ['const f=1;export{g}from"./d.js";export*from"./e.js";', ['./d.js', './e.js']],
    ['import { a, b } from "./a.js";\nimport { c } from \'./b.js\';', ['./a.js', './b.js']],
    ['const later=()=>import("./later.js");export{later}', []],
    ['console.log("import from here");var from="./x.js"', []],
  ])('%s', (code, expected) => {
    expect(staticImports(code)).toEqual(expected);
  });
});

it.each([
  ['const later=()=>import("./later.js");export{later}', ['./later.js']],
  ["xe(async()=>await import(`./a.js`),[1]),import('./b.js')", ['./a.js', './b.js']],
  ['import{a}from"./a.js";import(`./${a}.js`);import(a)', []],
])('those that it imports when asked: %s', (code, expected) => {
  expect(laterImports(code)).toEqual(expected);
});
