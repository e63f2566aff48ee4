var e=`名前
    hostname - マシンの名前（hostname 3.23）

書式
    hostname [-f|-s|-d|-i|-I|-A|-V]
    hostname 名前

このマシンで使えるもの
    -f, -s, -d
        完全な名前／最初の部分／ドメイン
    -i, -I, -A
        名前のアドレス／すべてのアドレス／すべての名前
    名前
        名前を変える（root のみ）
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};