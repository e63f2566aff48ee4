var e=`名前
    history - コマンドの履歴

書式
    history [N]

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};