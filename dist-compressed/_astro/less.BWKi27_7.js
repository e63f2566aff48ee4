var e=`名前
    less - 内容をページごとに表示する

書式
    less FILE …
    COMMAND | less

このマシンで使えるもの
    Space, b, j, k, g, G
        移動
    /, n
        検索／次を検索
    q
        終了
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};