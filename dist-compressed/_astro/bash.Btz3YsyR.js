var e=`名前
    bash - シェル

書式
    bash [-c LINE] [FILE [ARGUMENT …]]

このマシンで使えるもの
    パイプ、リダイレクト、変数、関数、繰り返し、グロブ、ヒアドキュメント、& によるジョブ、fg、jobs、kill %1、/dev/tcp/HOST/PORT。ないもの：プロセスグループ、trap、端末制御、select。
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};