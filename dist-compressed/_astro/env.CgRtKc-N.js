var e=`名前
    env - 環境変数を表示する、変えて実行する

書式
    env [NAME=VALUE …] [COMMAND …]

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};