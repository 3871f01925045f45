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

    [Theory]
    [InlineData("陈记热干面馆", "刘记热干面", true)]
    [InlineData("徐记土菜坊", "余记土菜铺", true)]
    [InlineData("老王烧烤", "老张烧烤", true)]
    [InlineData("老陈牛肉面", "老沈牛肉面店", true)]
    [InlineData("江畔院子里老王炭火烧烤", "江畔院子里老张炭火烧烤", true)]
    [InlineData("张三五金店", "李四五金店", true)]
    [InlineData("张伟五金店", "李伟五金店", true)]
    [InlineData("禾木五金店", "禾丰五金店", true)]
    [InlineData("好运来1店", "好运来2店", true)]
    [InlineData("陈记热干面馆", "热干面馆", true)]
    [InlineData("陈记热干面馆", "陈记热干面店", false)]
    [InlineData("陈记热干面馆", "陈记", false)]
    [InlineData("陈记热干面馆", "阵记热干面", false)]
    [InlineData("鸿运热干面馆", "鸿云热干面", false)]
    [InlineData("陈记热干面馆", "陈记热面店", false)]
    [InlineData("知音超市", "知超音市", false)]
    [InlineData("花楼街陈记面馆", "陈记面店", false)]
    [InlineData("百姓人家手工牛肉面", "百姓人家手下牛肉面", false)]
    public void AreTwoSigns_AtOneDoor_IsWhatSurnameAndBrandSay(string a, string b, bool areTwo)
    {
        Assert.Equal(areTwo, OperatorName.AreTwoSigns(a, b));
        Assert.Equal(areTwo, OperatorName.AreTwoSigns(b, a));
    }
}
