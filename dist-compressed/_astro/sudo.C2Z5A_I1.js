var e=`名前
    sudo - 別のユーザーとしてコマンドを実行する

書式
    sudo COMMAND …
    sudo -i | -s
    sudo -u USER COMMAND …

このマシンで使えるもの
    -i, -s
        root のシェル。exit で抜ける
    パスワードは聞かれない。リダイレクトは自分のシェルの仕事なので、sudo tee か sudo sh -c を使う。
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};