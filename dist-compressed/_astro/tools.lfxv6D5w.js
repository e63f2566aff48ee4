var e=`名前
    tools - シェルの文字処理ツール

書式
    cat head tail grep sed awk sort uniq wc cut tr tee xargs find cp mv rm mkdir chmod stat …

このマシンで使えるもの
    シェルに付属のツールで、よく使う機能がそろっている。使えるオプションは「名前 --help」で見られる。
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};