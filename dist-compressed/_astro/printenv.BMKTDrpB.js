var e=`名前
    printenv - 環境変数を表示する

書式
    printenv [NAME]

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};