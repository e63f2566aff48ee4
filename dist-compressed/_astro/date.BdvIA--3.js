var e=`名前
    date - マシンの時刻（UTC）

書式
    date [+FORMAT]

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};