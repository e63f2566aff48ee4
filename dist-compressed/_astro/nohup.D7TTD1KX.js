var e=`名前
    nohup - シェルが終了しても動かし続ける

書式
    nohup COMMAND … &

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};