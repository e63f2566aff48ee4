var e=`名前
    nginx - Web サーバーの設定を確かめる

書式
    nginx -t

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};