using InfoHub.Domain.Identity;
using InfoHub.Linkage.Reading;
using Xunit;

namespace InfoHub.Rules.Tests.Linkage;

/// <summary>The goal: nobody is called an operator for his own name on a meter; a shop is known by its sign.</summary>
public sealed class OperatorNameTests
{
    [Theory]
    [InlineData("云山市禾木五金有限公司")]
    [InlineData("禾木五金有限公")]
    [InlineData("青禾果蔬种植专业合作社")]
    [InlineData("武汉市江汉区陈记热干面馆")]
    [InlineData("王记面馆")]
    [InlineData("陈记热干面店")]
    [InlineData("小满理发店（个体工商户）")]
    [InlineData("松涛大药房")]
    [InlineData("鑫信便民超市")]
    [InlineData("刘姐烧烤")]
    [InlineData("中国工商银行武汉江汉支行")]
    public void Of_FormOrTrade_IsAnOperator(string name) => Assert.Equal(NameKind.Operator, OperatorName.Of(name));

    [Theory]
    [InlineData("王建国")]
    [InlineData(" 王 建国 ")]
    [InlineData("武汉市王建国")]
    [InlineData("王建国（个体户）")]
    [InlineData("李坊")]
    [InlineData("陈建行")]
    [InlineData("张小园")]
    [InlineData("欧阳建城")]
    [InlineData("司马店")]
    [InlineData("阿卜杜拉·买买提")]
    [InlineData("金店")]
    [InlineData("江城店")]
    public void Of_WhatMayBeAPerson_IsAPerson(string name) => Assert.Equal(NameKind.Person, OperatorName.Of(name));

    [Theory]
    [InlineData("")]
    [InlineData("老井手工面")]
    [InlineData("东湖派出所")]
    [InlineData("汉口花园")]
    [InlineData("七里村委会")]
    [InlineData("三号楼配电室")]
    [InlineData("12345")]
    public void Of_NothingThatTells_IsUnclear(string name) => Assert.Equal(NameKind.Unclear, OperatorName.Of(name));
}
